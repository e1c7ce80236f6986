"""ODK XForms: parsing, evaluation, submission check, facts, generated forms."""
