"""Doors for people: read the request, call one action or read rows, choose the form of the answer."""
