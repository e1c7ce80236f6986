"""motcua: administrative procedures as data, checked by a rules engine."""
