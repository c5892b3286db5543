package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.Scratch;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers that are killed or only slow, as processes of their own, and what others make of it. */
class KilledDriverTest {
  private static final Map<String, String> EMBEDDED = Map.of();

  @TempDir private static Path local;
  private static S3Merges merges;

  @BeforeAll
  static void putModelsOnS3() throws Exception {
    merges = new S3Merges(local);
    merges.undisturbed();
  }

  @AfterAll
  static void stop() throws IOException {
    merges.close();
  }

  @BeforeEach
  void forget() {
    merges.server().forget();
    merges.writeRecipe(S3Merges.RECIPE);
  }

  /** Starts a merge; one part of its last shard hangs, and all other shards are finished. */
  private static MergeProcess hanging(String name) throws Exception {
    List<String> shards = merges.shards();
    String last = shards.get(shards.size() - 1);
    merges.server().breaks(request -> isPart(request, last), Fault.HANG, 1);
    MergeProcess merge = merges.start(merges.out(name), EMBEDDED);
    int entries = shards.size(); // one for the beginning, one for each shard but the last
    merge.until(
        "all other shards are finished, and the part hangs",
        () ->
            merges.server().objectsBelow(merges.journal(name)).size() == entries
                && merges.server().partsSent().containsKey(last));
    return merge;
  }

  private static boolean isPart(String request, String shard) {
    return request.startsWith("PUT") && request.contains(shard) && request.contains("partNumber=");
  }

  @Test
  void aKilledMergeIsGoneOnWithIfItIsStillTheSame() throws Exception {
    Location out = merges.out("killed");
    try (MergeProcess merge = hanging("killed")) {
      merge.kill();
    }
    assertThat(merges.server().objectsBelow(out)).isEmpty();
    assertThat(merges.server().uploadsBelow(out)).hasSize(merges.shards().size());

    CommandLineRun fresh = merges.merge(out, "--overwrite");
    assertThat(fresh.exitCode()).isEqualTo(1);
    assertThat(fresh.err()).contains("is writing " + out, "--resume", "stockpot discard " + out);

    merges.writeRecipe(S3Merges.RECIPE.replace("weight: 0.5", "weight: 0.6"));
    CommandLineRun otherRecipe = merges.merge(out, "--resume");
    assertThat(otherRecipe.exitCode()).isEqualTo(1);
    assertThat(otherRecipe.err())
        .contains(
            "The merge that was begun into %s is another one".formatted(out),
            "recipe: line 8 was 'parameters: {weight: 0.5}', is 'parameters: {weight: 0.6}'",
            "stockpot discard " + out);
    merges.writeRecipe(S3Merges.RECIPE);

    Location input = merges.models().child("math").child("model.safetensors");
    byte[] content = merges.server().read(input);
    byte[] other = content.clone();
    other[other.length - 2] ^= 1;
    merges.server().write(input, other);
    CommandLineRun otherInput = merges.merge(out, "--resume", "--set", "missing-tensors=copy");
    merges.server().write(input, content);
    assertThat(otherInput.exitCode()).isEqualTo(1);
    assertThat(otherInput.err())
        .contains(input + ": was " + content.length + " bytes, etag:")
        .contains("missing-tensors: was fail, is copy")
        .doesNotContain("recipe:");

    merges.server().forget();
    CommandLineRun resumed = merges.merge(out, "--resume").succeeds();
    int others = merges.shards().size() - 1;
    assertThat(resumed.out()).contains("%s of %s files".formatted(others, merges.shards().size()));
    assertThat(resumed.err()).contains("Taking over from another merge (process ");
    Set<String> sent = merges.server().partsSent().keySet();
    assertThat(sent.stream().filter(name -> name.endsWith(".safetensors")))
        .containsExactly(merges.shards().get(others));
    merges.assertWhole("killed");
    CommandLineRun.of("verify", out).succeeds();

    merges.server().forget();
    assertThat(merges.merge(out, "--resume").succeeds().out()).contains("nothing to do");
    assertThat(merges.server().partsSent()).isEmpty();
    merges.assertWhole("killed");
  }

  @Test
  void whoIsOnlySlowKeepsOthersOutButGivesWayToWhoResumes() throws Exception {
    Location out = merges.out("slow");
    try (MergeProcess slow = hanging("slow")) {
      CommandLineRun fresh = merges.merge(out);
      assertThat(fresh.exitCode()).isEqualTo(1);
      assertThat(fresh.err())
          .contains("Another merge (process %s@".formatted(slow.process().pid()));

      merges.merge(out, "--resume").succeeds();
      merges.assertWhole("slow");

      merges.server().forget(); // its part no longer hangs
      assertThat(slow.exitCode()).as(slow.printed()).isEqualTo(1);
      assertThat(slow.printed()).contains(out + " was taken over by another merge");
      merges.assertWhole("slow");
    }
  }

  /** A soup looks whether there is room before it tries anything: what it published in part is. */
  @Test
  void aSoupThatWasKilledWhileItPublishedIsGoneOnWith() throws Exception {
    Location out = merges.out("soup");
    merges.writeRecipe(
        """
        soup: uniform
        models: [{model: math}, {model: code}]
        dtype: bfloat16
        evaluate:
          command: [sh, -c, 'echo "{\\"worth\\": 1}"', '{model}']
          direction: max
        """);
    merges
        .server()
        .breaks(
            request -> request.startsWith("PUT") && request.contains("soup/stockpot-manifest.json"),
            Fault.HANG,
            1);
    try (MergeProcess merge = merges.start(out, EMBEDDED)) {
      merge.until(
          "shards are to be seen, and the manifest is not",
          () -> merges.server().objectsBelow(out).size() > 1);
      merge.kill();
    }
    assertThat(merges.server().objectsBelow(out)).isNotEmpty();
    merges.server().forget();

    merges.merge(out, "--resume").succeeds();
    CommandLineRun.of("verify", out).succeeds();
  }

  /** Its uploads are gone, but it does not get to know: what it meets is a store that fails. */
  @Test
  void whoIsSupersededLooksAtTheLockWhenATaskFails() throws Exception {
    Location out = merges.out("superseded");
    try (MergeProcess slow = hanging("superseded")) {
      merges.merge(out, "--resume").succeeds();
      merges.server().forget();
      merges.server().breaks(request -> isPart(request, "superseded"), Fault.RESET, 10_000);

      assertThat(slow.exitCode()).as(slow.printed()).isEqualTo(1);
      assertThat(slow.printed()).contains(out + " was taken over by another merge");
    }
    merges.server().forget();
    merges.assertWhole("superseded");
  }

  @Test
  void aKilledMergeIntoAFolderOfThisMachineIsGoneOnWith() throws Exception {
    Path parent = Files.createDirectory(local.resolve("here"));
    Path out = parent.resolve("out");
    Path journal = parent.resolve(".out.stockpot/journal");
    AtomicInteger reads = new AtomicInteger(); // since the merge began, one for each shard
    merges
        .server()
        .breaks(
            request ->
                request.startsWith("GET")
                    && request.contains("math/model.safetensors")
                    && filesIn(journal) > 0
                    && reads.incrementAndGet() == 2,
            Fault.HANG,
            1);
    Path temporary = Files.createDirectory(local.resolve("tmp"));
    Map<String, String> ofItsOwn = Map.of("java.io.tmpdir", temporary.toString());
    try (MergeProcess merge = merges.start(out, ofItsOwn, "--set", "tasks=1")) {
      merge.until(
          "a shard is finished, and reading for the next hangs",
          () -> reads.get() >= 2 && filesIn(journal) >= 2);
      Scratch.sweep(temporary);
      assertThat(scratchIn(temporary)).as("of a process that lives").isPositive();
      merge.kill();
    }
    assertThat(scratchIn(temporary)).isPositive();
    Scratch.sweep(temporary);
    assertThat(scratchIn(temporary)).as("of a process that was killed").isZero();
    int finished = filesIn(journal) - 1;
    assertThat(finished).isLessThan(merges.shards().size());
    assertThat(out).doesNotExist();

    CommandLineRun fresh = merges.merge(out);
    assertThat(fresh.exitCode()).isEqualTo(1);
    assertThat(fresh.err()).contains("A merge into %s was not finished".formatted(out));

    CommandLineRun resumed = merges.merge(out, "--resume").succeeds();
    assertThat(resumed.out())
        .contains("%s of %s files".formatted(finished, merges.shards().size()));
    for (Map.Entry<String, byte[]> file : merges.undisturbed().entrySet()) {
      assertThat(out.resolve(file.getKey())).hasBinaryContent(file.getValue());
    }
    assertThat(filesIn(parent)).isEqualTo(1);
  }

  private static long scratchIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().matches(".*(stockpot|spark|blockmgr)-.*"))
          .count();
    }
  }

  /** How many there are; entries that are just being written do not count. */
  private static int filesIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return (int) files.filter(file -> !file.toString().endsWith(".new")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
