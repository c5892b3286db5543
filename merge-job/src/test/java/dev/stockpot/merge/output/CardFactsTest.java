package dev.stockpot.merge.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.output.CardFacts.Input;
import dev.stockpot.merge.storage.Location;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an output's README.md says of the models that it was made of. */
class CardFactsTest {
  private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

  private static Input input(String name, String folder, String... card) {
    String text = card.length == 0 ? "" : "---\n" + String.join("\n", card) + "\n---\n# A model\n";
    return new Input(name, new Location(folder), text);
  }

  private static CardFacts of(Input... inputs) {
    return CardFacts.of("transformers", List.of(inputs));
  }

  private static Input licensed(String name, String... card) {
    return input(name, "/models/" + name, card);
  }

  @ParameterizedTest
  @CsvSource({
    "x, /cache/models--org--x.1/snapshots/HASH",
    "x, /cache/models--org--x.1/snapshots/HASH/unet",
    "hf://org/x.1@main, hf://org/x.1@HASH",
    "org/x.1@v2, hf://org/x.1",
    "hf://models/org/x.1, hf://models/org/x.1/unet",
    "org/x.1, /data/models/org/x.1",
    "org/x.1, s3a://bucket/models/org/x.1",
  })
  void namesTheModelsThatAHubKnows(String name, String folder) {
    assertThat(of(input(name, folder.replace("HASH", HASH))).baseModels())
        .containsExactly("org/x.1");
  }

  @ParameterizedTest
  @CsvSource({
    "models/a, models/a",
    "./a, ./a",
    "/data/models/a, /data/models/a",
    "a, /data/models/a",
    "s3a://bucket/a, s3a://bucket/a",
    "deep/er/a, /data/deep/er/a",
    "org/x--y, /data/org/x--y",
  })
  void takesNoFolderForTheNameOfAModel(String name, String folder) {
    assertThat(of(input(name, folder)).baseModels()).isEmpty();
  }

  @Test
  void namesWhatAFolderIsMadeOfAsItsOwnCardDoes() {
    CardFacts facts =
        of(
            input("a", "a", "base_model: org/base"),
            input("b", "b", "base_model:", "- org/base", "- org/other", "- ./local"),
            input("org/c", "/data/org/c", "base_model: org/unseen"));

    assertThat(facts.baseModels()).containsExactly("org/base", "org/other", "org/c");
  }

  @Test
  void keepsALicenceThatAllModelsHave() {
    CardFacts facts =
        of(
            licensed("a", "license: apache-2.0", "tags: [x]"),
            licensed("b", "language: [en]", "license: 'apache-2.0'"));

    assertThat(facts.licence()).containsExactly(Map.entry("license", "apache-2.0"));
    assertThat(facts.notice()).isEmpty();
  }

  @Test
  void keepsTheNameOfALicenceOfItsOwn() {
    String[] card = {"license: other", "license_name: nv", "license_link: https://x.org/l: 1"};
    card[2] = "license_link: 'https://x.org/l'";

    assertThat(of(licensed("a", card), licensed("b", card)).licence())
        .containsExactly(
            Map.entry("license", "other"),
            Map.entry("license_name", "nv"),
            Map.entry("license_link", "https://x.org/l"));
  }

  @Test
  void tellsOfLicencesThatDiffer() {
    CardFacts facts =
        of(
            licensed("a", "license: apache-2.0"),
            licensed("b", "license: llama3.1"),
            licensed("c"),
            licensed("d", "license: apache-2.0"),
            licensed("e", "license: other", "license_name: mine"));

    assertThat(facts.licence()).isEmpty();
    assertThat(facts.notice())
        .contains(
            "README.md names no licence, because the models' own do not agree: apache-2.0 (a, d),"
                + " llama3.1 (b), none (c), other, mine (e). See under which the result may be"
                + " passed on, and name it there");
  }

  @Test
  void aNameOfALicenceMustAgreeToo() {
    CardFacts facts =
        of(
            licensed("a", "license: other", "license_name: mine"),
            licensed("b", "license: other", "license_name: yours"));

    assertThat(facts.licence()).isEmpty();
    assertThat(facts.notice()).isPresent();
  }

  @Test
  void saysNothingWhereNobodyDoes() {
    CardFacts facts = of(licensed("a"), licensed("b", "tags: [x]"));

    assertThat(facts.licence()).isEmpty();
    assertThat(facts.notice()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# A model\nlicense: mit\n",
        "---\nlicense: mit\n",
        "---\nlicense: [\n---\n",
        "---\n- license: mit\n---\n",
        "---\nlicense: 7\n---\n",
        "---\nlicense: {a: b}\n---\n",
        "---\n---\n",
        "\n---\nlicense: mit\n---\n",
        "---\na: &a [*a]\nlicense: !!java mit\n---\n",
      })
  void aCardThatSaysNothingPlainlyIsNone(String card) {
    CardFacts facts = of(new Input("a", new Location("a"), card));

    assertThat(facts.licence()).isEmpty();
    assertThat(facts.baseModels()).isEmpty();
  }

  @Test
  void readsCardsOfWindowsToo() {
    assertThat(of(new Input("a", new Location("a"), "---\r\nlicense: mit\r\n---\r\n")).licence())
        .containsEntry("license", "mit");
  }
}
