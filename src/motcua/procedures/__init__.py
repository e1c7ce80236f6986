"""A procedure as data: model, strict loading, scenarios, linter."""
