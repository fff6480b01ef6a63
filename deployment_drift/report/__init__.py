"""From a verdict to what people see: terminal, JSON, JUnit, Markdown, pictures."""
