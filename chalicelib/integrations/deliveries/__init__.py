"""Messages to receivers: their record, their queue, what they say."""
