"""Facts in, assessment out: durable-rules runs the law, the evaluator gives the second opinion."""
