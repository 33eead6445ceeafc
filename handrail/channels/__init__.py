"""Where messages come in and answers go out: the guard, the delivery, and the supported channels."""
