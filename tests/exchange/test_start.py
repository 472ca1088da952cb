"""The first address that a program is given."""

from django.test import Client


def test_first_address_leads_to_addresses_that_are_there(db: None) -> None:
    stranger = Client()

    begins = stranger.get("/api/v1/").json()

    assert begins["documentation"] == "http://testserver/api/"
    asked = {name: stranger.get(url).status_code for name, url in begins.items()}
    # Who asks is nobody: it is told to sign in, by the API and by the page.
    assert asked == {
        **dict.fromkeys(("documentation", "schema", "catalogue", "problems"), 200),
        "me": 401,
        "tokens": 302,
    }
