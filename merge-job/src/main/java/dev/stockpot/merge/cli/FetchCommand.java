package dev.stockpot.merge.cli;

import dev.stockpot.merge.FirstFew;
import dev.stockpot.merge.run.FetchOutcome;
import dev.stockpot.merge.run.MergeOptions;
import dev.stockpot.merge.run.Stockpot;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Copies a model. */
@Command(
    name = "fetch",
    description =
        "Copies a model from anywhere to anywhere, several files at once, and checks their digests.",
    footer = {
      "",
      "Example: stockpot fetch org/name@v2 s3a://bucket/models/name --resume",
      "Takes safetensors, JSON, tokenizers, templates and texts; no pickles, and no code."
    },
    mixinStandardHelpOptions = true)
final class FetchCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "MODEL",
      description = "Folder of a model, s3a://…, or a model of the hub: org/name@revision.")
  private String model;

  @Parameters(paramLabel = "FOLDER", description = "Folder to copy it to.")
  private String output;

  @Mixin private OutputOptions written;

  @Mixin private SettingsOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MergeOptions said = written.in(options.options());
    Console console = written.console(spec);
    try (Stockpot stockpot = Stockpot.embedded();
        MergeTalk talk = new MergeTalk(console, "Fetching")) {
      FetchOutcome fetched = stockpot.fetch(model, output, said, talk);
      talk.endBar();
      say(fetched, console);
    }
    return 0;
  }

  private static void say(FetchOutcome fetched, Console console) {
    console.say(
        "Fetched %s into %s: %s, %s in %s; the digests of %s were known and are right."
            .formatted(
                fetched.source(),
                fetched.folder(),
                Sizes.count(fetched.files(), "file"),
                Sizes.bytes(fetched.bytes()),
                Sizes.seconds(fetched.seconds()),
                fetched.checked()));
    if (!fetched.left().isEmpty()) {
      console.notice(
          "Left where it was, being neither safetensors nor text that goes with it: %s"
              .formatted(FirstFew.of(fetched.left())));
    }
  }
}
