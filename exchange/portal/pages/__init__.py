"""What each page template is given, as `page`, by the part of the venue it belongs to."""
