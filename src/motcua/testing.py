"""Public test support: scenario collection for pytest, contracts and fixtures."""
