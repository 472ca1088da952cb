"""People and their tokens. Invariant: a person acts only as a member of an organisation."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import DigestField
from core.guards import append_only
from core.ids import uuid7


class UserManager(BaseUserManager):
    """Make users known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person who signs in with `email`."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)  # type: ignore[attr-defined]
        user.save(using=self._db)
        return user  # type: ignore[return-value]

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an administrator of the installation (not a member of the venue)."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A natural person. Signs in by e-mail; has no rights of its own on the market."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email


class ApiToken(models.Model):
    """A secret that acts as one membership, within its scopes. Only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key_hash = DigestField(unique=True)
    membership = models.ForeignKey(
        "core.Membership", on_delete=models.CASCADE, related_name="tokens"
    )
    label = models.CharField(max_length=100)
    scopes = ArrayField(models.CharField(max_length=20), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label


class StepUp(models.Model):
    """That a person proved once more, to the API, that it is who it says. Only a hash is kept.

    The secret is good for a few minutes, with the membership that asked for it alone; `method`
    is password or mfa.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key_hash = DigestField(unique=True)
    membership = models.ForeignKey("core.Membership", on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=8)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(method__in=["password", "mfa"]), name="step_up_method"
            ),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = append_only("step_up")

    def __str__(self) -> str:
        return self.method

    @property
    def valid_until(self) -> datetime:
        """When it has to be proved anew."""
        return self.at + timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
