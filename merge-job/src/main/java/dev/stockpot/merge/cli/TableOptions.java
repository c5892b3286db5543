package dev.stockpot.merge.cli;

import dev.stockpot.merge.predict.Columns;
import dev.stockpot.merge.predict.EnsembleRequest;
import dev.stockpot.merge.predict.NamedTable;
import dev.stockpot.merge.predict.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of commands that read tables of predictions. */
final class TableOptions {
  @Option(
      names = "--scores",
      paramLabel = "SCALE",
      description =
          "What the scores are: logits, log-probabilities or probabilities. Default: what the"
              + " column of lists is called.")
  private String scores;

  @Option(names = "--id", paramLabel = "COLUMN", description = "Names examples. Default: id.")
  private String id = "id";

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "The class that is right, by place or by name. Default: label, if it is there.")
  private String label;

  @Option(
      names = "--columns",
      paramLabel = "COLUMN",
      split = ",",
      description = "One column of lists, or one for each class. Default: what is left.")
  private List<String> columns = new ArrayList<>();

  @Option(
      names = "--labels",
      paramLabel = "TABLE",
      description = "Another table, with id and label.")
  private String labels;

  @Option(
      names = "--missing",
      paramLabel = "HOW",
      description =
          "Examples that a model says nothing of: refuse (the default), or mask: the others answer.")
  private String missing = "refuse";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  EnsembleRequest.Inputs inputs() {
    if (!missing.equals("refuse") && !missing.equals("mask")) {
      throw new ParameterException(
          spec.commandLine(), "--missing is %s, must be refuse or mask".formatted(missing));
    }
    return new EnsembleRequest.Inputs(
        Optional.ofNullable(labels).map(path -> new NamedTable("labels", path)),
        new Columns(
            id, Optional.ofNullable(label), columns, Optional.ofNullable(scores).map(Scale::of)),
        missing.equals("mask"));
  }

  /** Tables as they are typed: {@code name=path}, or a path, whose end is the name. */
  static List<NamedTable> tables(List<String> typed) {
    List<NamedTable> tables = new ArrayList<>();
    for (String word : typed) {
      int mark = word.indexOf('=');
      boolean isNamed = mark > 0 && word.substring(0, mark).indexOf('/') < 0;
      tables.add(
          isNamed
              ? new NamedTable(word.substring(0, mark), word.substring(mark + 1))
              : new NamedTable(nameOf(word), word));
    }
    return tables;
  }

  private static String nameOf(String path) {
    String plain = path.replaceFirst("/+$", "");
    String last = plain.substring(plain.lastIndexOf('/') + 1);
    return last.replaceFirst("\\.(parquet|csv|jsonl|json)(\\.(gz|zst|bz2))?$", "");
  }
}
