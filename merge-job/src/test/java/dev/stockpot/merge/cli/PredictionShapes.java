package dev.stockpot.merge.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What commands on tables of predictions print with {@code --json}, and write as metrics. */
final class PredictionShapes {
  private PredictionShapes() {}

  record Ensembled(
      long examples,
      long labelled,
      long masked,
      Made ensemble,
      List<Measured> measures,
      List<Pair> pairs,
      List<Alternative> alternatives,
      List<String> notices) {}

  record Made(
      int format,
      String by,
      List<Weighted> models,
      int classes,
      List<String> names,
      Optional<Calibrated> calibration) {}

  record Weighted(String name, List<Double> weights) {}

  record Calibrated(List<Double> scale, List<Double> bias, OptionalDouble temperature) {}

  record Measured(
      String name,
      long examples,
      double accuracy,
      double nll,
      double brier,
      double ece,
      double eceMass,
      List<Bin> bins,
      Map<String, List<OptionalDouble>> intervals) {}

  record Bin(long examples, double accuracy, double confidence) {}

  record Pair(String first, String second, double disagreement, double q, double correlation) {}

  record Alternative(String what, String name, int models) {}

  record Taught(
      long examples,
      int classes,
      double temperature,
      double alike,
      double entropy,
      double kept,
      List<Long> histogram,
      List<Teacher> teachers,
      List<String> notices) {}

  record Teacher(String name, long examples, double entropy, double agreement, double divergence) {}
}
