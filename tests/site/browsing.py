"""What every test in a real browser does: sign in, hold a passkey, and look whether anything is in anybody's way."""

from axe_playwright_python.sync_playwright import Axe

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def check(page):
    """No barrier (WCAG 2.2 AA), no complaint of the browser, and nothing wider than the window."""
    barriers = Axe().run(page, options={"runOnly": STANDARD})
    assert barriers.violations_count == 0, barriers.generate_report()
    assert getattr(page, "complaints", []) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


def sign_in(page, site, password, who="organiser"):
    """With a password; `site` is an address with its language."""
    page.goto(f"{site}/account/login/")
    check(page)
    page.fill("input[name=login]", f"{who}@example.org")
    page.fill("input[name=password]", password)
    page.locator("form[action*=login] button").first.click()
    page.wait_for_url("**/me/")


def hold_passkeys(page):
    """Give the browser an authenticator of its own, which always says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": _AUTHENTICATOR})
