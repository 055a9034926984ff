"""The numbers of a report, no sentences: every figure with its unit and the rows it counts."""

from fairlink.report import participation, outcomes, cooperation  # noqa: F401, I001  registered in this order
from fairlink.report.figure import Figure, codes, figures

__all__ = ["Figure", "codes", "figures"]
