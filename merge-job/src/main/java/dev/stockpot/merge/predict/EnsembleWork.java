package dev.stockpot.merge.predict;

import dev.stockpot.merge.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes an ensemble of joined predictions: weights first, then measures. */
public final class EnsembleWork {
  private final EnsembleRequest request;
  private final Tables tables;
  private final List<String> classes;
  private final Findings findings;
  private final List<String> notices = new ArrayList<>();

  /**
   * @param classes their names; none where only their number is known
   */
  public EnsembleWork(
      EnsembleRequest request, Tables tables, List<String> classes, Findings findings) {
    this.request = request;
    this.tables = tables;
    this.classes = List.copyOf(classes);
    this.findings = findings;
  }

  /**
   * Makes it.
   *
   * @throws UserException if something asked for cannot be
   */
  public EnsembleResult over(Passes all) {
    Ensemble plain = request.applied().map(this::fitting).orElseGet(this::given);
    requireLogits(plain);
    boolean isFitted = request.applied().isEmpty() && plain.method().isFitted();
    boolean calibrates = request.calibrating().isAsked() && plain.calibration().isEmpty();
    boolean fits = isFitted || calibrates;
    requireLabels(fits);
    Share share =
        new Share(request.fitting().share(), request.bootstrap().seed(), /* isInside= */ true);
    boolean isSplit = fits && share.part() < 1;
    Passes known = isSplit ? share.of(all) : all;
    Passes measured = isSplit ? share.others().of(all) : all;
    if (isFitted) {
      plain = plain.with(fitted(plain, known));
    }
    Ensemble ensemble = calibrates ? plain.with(calibration(plain, known)) : plain;
    requireSameDecisions(ensemble, all);
    tell(fits, isSplit);
    List<Measures> measures =
        findings.labelled() == 0
            ? List.of()
            : new Measuring(
                    series(plain, ensemble),
                    tables.classes(),
                    request.bootstrap().replicates(),
                    request.bootstrap().seed())
                .over(measured);
    List<Diversity> pairs =
        findings.labelled() == 0 ? List.of() : Measuring.pairs(singles(plain.models()), measured);
    return new EnsembleResult(
        ensemble,
        findings.examples(),
        findings.labelled(),
        findings.masked(),
        request.beside().size(),
        measures,
        pairs,
        notices);
  }

  private Ensemble given() {
    Method method = request.method();
    List<String> names = request.names();
    return new Ensemble(
        method,
        names,
        Ensemble.weights(method, names, request.weights()),
        tables.classes(),
        classes,
        Optional.empty());
  }

  /** One that was made before, if it is of these tables. */
  private Ensemble fitting(Ensemble before) {
    if (!before.models().equals(request.names())) {
      throw new UserException(
          "The ensemble that is applied is of %s, and the tables are %s. Name them so, in that order: a=TABLE"
              .formatted(String.join(", ", before.models()), String.join(", ", request.names())));
    }
    boolean areOther =
        !before.names().isEmpty() && !classes.isEmpty() && !before.names().equals(classes);
    if (before.classes() != tables.classes() || areOther) {
      throw new UserException(
          "The ensemble that is applied has %s classes %s, and the tables have %s %s"
              .formatted(before.classes(), before.names(), tables.classes(), classes));
    }
    return before;
  }

  private void requireLogits(Ensemble ensemble) {
    for (int model = 0; model < ensemble.models().size(); model++) {
      ensemble.method().requireLogits(request.tables().get(model), tables.scales().get(model));
    }
  }

  private void requireLabels(boolean fits) {
    if (fits && findings.labelled() == 0) {
      throw new UserException(
          "%s needs labels, and none of %s examples has one. Give a table of them: --labels FILE"
              .formatted(
                  request.calibrating().isAsked() ? "Calibration" : request.method().word(),
                  findings.examples()));
    }
  }

  private Weights fitted(Ensemble plain, Passes known) {
    int models = plain.models().size();
    return switch (plain.method()) {
      case STACKING -> new StackingFit(models).over(known);
      case GREEDY -> new GreedySelection(models, request.fitting().rounds()).over(known);
      case PER_CLASS -> new PerClassFit(models, tables.classes()).over(known);
      default -> throw new IllegalStateException(plain.method() + " is not fitted");
    };
  }

  private Calibration calibration(Ensemble plain, Passes known) {
    Combination logits = plain.combination();
    return request.calibrating() == EnsembleRequest.Calibrating.VECTOR
        ? new VectorFit(logits, tables.classes()).over(known)
        : Calibration.at(new TemperatureFit(logits).over(known));
  }

  /** A temperature that changed one would be a fault of ours, and is not to be written. */
  private static void requireSameDecisions(Ensemble ensemble, Passes all) {
    if (ensemble.calibration().filter(Calibration::isTemperature).isPresent()) {
      double changed = all.over(new ChangedDecisions(ensemble.bare(), ensemble.combination()))[0];
      if (changed > 0) {
        throw new IllegalStateException(
            "a temperature of %s changes %s decisions"
                .formatted(ensemble.calibration().get().temperature(), (long) changed));
      }
    }
  }

  private void tell(boolean fits, boolean isSplit) {
    if (fits && !isSplit && findings.labelled() > 0) {
      notices.add(
          "What is measured are the %s examples that weights or temperature were fitted to. Apply ensemble.json to others (--apply), or keep some apart: --fit-share 0.5"
              .formatted(findings.labelled()));
    }
    long unknown = findings.examples() - findings.labelled();
    if (findings.labelled() > 0 && unknown > 0) {
      notices.add(
          "%s of %s examples have no label, and are not measured"
              .formatted(unknown, findings.examples()));
    }
    if (findings.masked() > 0) {
      notices.add(
          "%s of %s examples lack predictions of some model; the others answer for it"
              .formatted(findings.masked(), findings.examples()));
    }
  }

  private List<Series> singles(List<String> names) {
    List<Series> singles = new ArrayList<>();
    for (int model = 0; model < names.size(); model++) {
      singles.add(new Series(names.get(model), new Single(model)));
    }
    return singles;
  }

  private List<Series> series(Ensemble plain, Ensemble ensemble) {
    List<Series> series = singles(request.all().stream().map(NamedTable::name).toList());
    boolean isOne = plain.models().size() == 1;
    String name = isOne ? plain.models().get(0) : EnsembleResult.ENSEMBLE;
    if (!isOne) {
      series.add(new Series(name, plain.bare()));
    }
    if (ensemble.calibration().isPresent()) {
      series.add(new Series(name + EnsembleResult.CALIBRATED, ensemble.combination()));
    }
    return series;
  }
}
