"""A database backend that takes no row locks: the ORM leaves FOR UPDATE out of what it sends."""

from django.db.backends.postgresql import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    """Django leaves out what a database cannot do, and asks nobody."""

    has_select_for_update = False


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, of which one thing is not used."""

    features_class = DatabaseFeatures
