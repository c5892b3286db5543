package dev.stockpot.merge.predict;

/** What each model gives the label of an example, one example after another. */
final class LabelProbabilities {
  private final double[] ofModels;

  LabelProbabilities(int models) {
    ofModels = new double[models];
  }

  /** Whether the example has a label and a prediction of every model. */
  boolean read(Block block, int row) {
    int label = block.label(row);
    if (label == Block.UNKNOWN) {
      return false;
    }
    int classes = block.classes();
    for (int model = 0; model < ofModels.length; model++) {
      int at = block.at(row) + model * classes;
      if (Double.isNaN(block.logits()[at])) {
        return false;
      }
      double logit = block.logits()[at + label];
      ofModels[model] = Math.exp(logit - Softmax.logSum(block.logits(), at, classes));
    }
    return true;
  }

  double[] ofModels() {
    return ofModels;
  }
}
