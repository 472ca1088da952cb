"""What the launcher cannot do. Invariant: the text is one line and says what to do about it."""


class LauncherError(RuntimeError):
    """The embedded servers cannot be had; the message is for the person at the terminal."""
