"""The site: people, pages, languages, rows. It knows the library; the library does not know it."""
