"""What commands do beyond one stage: read → core → write, for a batch, a review, a model."""
