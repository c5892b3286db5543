package dev.stockpot.merge.commit;

import static dev.stockpot.kernels.random.Rounding.Mode.STOCHASTIC;
import static dev.stockpot.merge.commit.SmallMerge.OUTPUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.output.MatrixFindings;
import dev.stockpot.merge.plan.PartTask;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A merge that was published is known again, unless anything is otherwise. */
class PublishedMergeTest {
  private static final String MANIFEST = "stockpot-manifest.json";

  private final SmallMerge merge;

  PublishedMergeTest() throws IOException {
    merge = new SmallMerge(16);
  }

  @BeforeEach
  void publish() throws IOException {
    MergeFacts found =
        SmallMerge.facts().knowing(Map.of(), SmallMerge.NOT_FINITE, MatrixFindings.NONE);
    List<Model> inputs = merge.inputs();
    try (MergeCommitter committer = merge.begin(false)) {
      for (PartTask task : merge.plan().parts()) {
        committer.accept(merge.make(committer, task));
      }
      committer.publish(
          OutputFiles.of(
              merge.store(),
              found,
              inputs.get(0),
              inputs,
              merge.plan(),
              committer.sums(merge.store()),
              Map.of()));
    }
  }

  private boolean isThere(MergeFacts facts, List<Model> inputs) throws IOException {
    return PublishedMerge.isIn(merge.store(), OUTPUT, facts, inputs, merge.plan());
  }

  private boolean isThere() throws IOException {
    return isThere(SmallMerge.facts(), merge.inputs());
  }

  private void write(String name, String text) {
    merge.store().write(OUTPUT.child(name), text.getBytes(UTF_8));
  }

  @Test
  void isKnownAgainWithWhatWasFoundOnTheWay() throws IOException {
    assertThat(merge.text(MANIFEST)).contains("\"nonfinite\"");
    assertThat(isThere()).isTrue();
    assertThat(isThere()).as("asking changes nothing").isTrue();
  }

  @Test
  void anotherSeedRecipeRoundingOrVersionIsAnotherMerge() throws IOException {
    MergeFacts facts = SmallMerge.facts();
    Map<String, String> versions = facts.versions();
    List<MergeFacts> others =
        List.of(
            new MergeFacts(facts.recipe(), "linear", 8, facts.rounding(), versions),
            new MergeFacts(facts.recipe() + "#", "linear", 7, facts.rounding(), versions),
            new MergeFacts(facts.recipe(), "ties", 7, facts.rounding(), versions),
            new MergeFacts(facts.recipe(), "linear", 7, STOCHASTIC, versions),
            new MergeFacts(facts.recipe(), "linear", 7, facts.rounding(), Map.of("stockpot", "2")));
    for (MergeFacts other : others) {
      assertThat(isThere(other, merge.inputs())).isFalse();
    }
  }

  @Test
  void otherModelsOrAnotherOrderOfThemIsAnotherMerge() throws IOException {
    List<Model> inputs = merge.inputs();
    assertThat(isThere(SmallMerge.facts(), List.of(inputs.get(1), inputs.get(0)))).isFalse();
    assertThat(isThere(SmallMerge.facts(), inputs.subList(0, 1))).isFalse();
  }

  @Test
  void aShardThatIsMissingOrCutShortIsMadeAgain() throws IOException {
    String shard = merge.plan().shards().get(1).file();
    byte[] bytes = merge.store().bytes(OUTPUT.child(shard));
    merge.store().write(OUTPUT.child(shard), Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(isThere()).isFalse();
    merge.store().delete(OUTPUT.child(shard));
    assertThat(isThere()).isFalse();
    merge.store().write(OUTPUT.child(shard), bytes);
    assertThat(isThere()).isTrue();
  }

  /** Of bytes that changed and not of size the verifier tells. */
  @Test
  void whatShardsHoldIsNotRead() throws IOException {
    long before = merge.store().bytesRead();
    assertThat(isThere()).isTrue();
    assertThat(merge.store().bytesRead() - before).isEqualTo(merge.text(MANIFEST).length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "null", "{\"shards\": [{\"tensors\": [{}]}]}"})
  void whatIsNoManifestOfOursIsOfNoMerge(String text) throws IOException {
    write(MANIFEST, text);
    assertThat(isThere()).isFalse();
    merge.store().delete(OUTPUT.child(MANIFEST));
    assertThat(isThere()).isFalse();
  }

  /** What stands there, and what in its place: each is refused, and none fails. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"crc32c\" : \"8c28b28a\" | \"crc32c\" : \"none\"",
        "\"crc32c\" : \"8c28b28a\" | \"crc32c\" : \"8C28B28A\"",
        "\"size\" : | \"bytes\" :",
        "\"name\" : \"t.2\" | \"name\" : \"t.3\"",
        "\"dtype\" : \"BF16\" | \"dtype\" : \"F16\"",
        "\"carried\" : 2 | \"carried\" : -2",
        "\"format\" : 1 | \"format\" : 2",
        "\"weight\" : 0.25 | \"weight\" : 0.250"
      })
  void aManifestInWhichAnythingIsOtherwiseIsOfAnotherMerge(String was, String now)
      throws IOException {
    String text = merge.text(MANIFEST);
    assertThat(text).contains(was);
    write(MANIFEST, text.replaceFirst(was, now));
    assertThat(isThere()).isFalse();
  }
}
