"""Draft law: a rule file uploaded or edited, tried and compared with the one in force."""
