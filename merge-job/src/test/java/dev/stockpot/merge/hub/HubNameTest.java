package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubNameTest {
  @ParameterizedTest
  @CsvSource({
    "org/name,                    org/name,      main",
    "org/name@v1.0,               org/name,      v1.0",
    "org/name@feature/x,          org/name,      feature/x",
    "Org-1/na.me_2,               Org-1/na.me_2, main",
    "org/name@refs/pr/7,          org/name,      refs/pr/7",
    "_org/name@2f1c8a,            _org/name,     2f1c8a",
  })
  void understandsNamesAsRecipesHaveThem(String text, String id, String revision) {
    assertThat(HubName.bare(text)).contains(new HubName(id, revision, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name",
        "models/a/b",
        "/org/name",
        "./name",
        "../name",
        "org/",
        "org/name/",
        "org--x/name",
        "org/na..me",
        "org/.name",
        "org/name.",
        "org/name-",
        "org/name.git",
        "org/name@",
        "org/name@a b",
        "org/name@../x",
        "org/name*",
        "C:/models",
        "s3a://bucket/key",
        "datasets/name",
        "org/a23456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
      })
  void whatCannotBeAModelOfAHubIsNone(String text) {
    assertThat(HubName.bare(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "hf://org/name,                     main,      ''",
    "hf://models/org/name,              main,      ''",
    "HF://org/name@v1,                  v1,        ''",
    "hf://org/name@v1/checkpoint-500,   v1,        checkpoint-500",
    "hf://org/name/checkpoint-500,      main,      checkpoint-500",
    "hf://org/name@refs/pr/7/below/it,  refs/pr/7, below/it",
    "hf://org/name@feature%2Fx/below,   feature/x, below",
    "hf://org/name@a+b,                 a+b,       ''",
  })
  void understandsUris(String text, String revision, String folder) {
    assertThat(HubName.uri(text)).isEqualTo(new HubName("org/name", revision, folder));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hf://datasets/org/data | hf://datasets/org/data is among the datasets of the hub. Only models are merged: hf://org/name",
        "hf://spaces/org/app    | hf://spaces/org/app is among the spaces of the hub. Only models are merged: hf://org/name",
        "hf://buckets/org/b     | hf://buckets/org/b is among the buckets of the hub. Only models are merged: hf://org/name",
        "hf://gpt2              | hf://gpt2 names no model of a hub. Write hf://org/name or hf://org/name@revision; a name without an organisation, such as gpt2, is openai-community/gpt2 or the like",
        "hf:org/name            | hf:org/name: write hf://org/name, with two slashes",
        "hf://o/na..me          | hf://o/na..me names no model of a hub. Write hf://org/name or hf://org/name@revision; names have letters, digits and . _ - inside, 96 characters at most",
        "hf://org/name@x..y     | hf://org/name@x..y: 'x..y' is no revision",
        "hf://org/name/../x     | hf://org/name/../x: '../x' is no folder of a repository",
      })
  void refusesUrisOfWhatIsNoModel(String text, String message) {
    assertThatThrownBy(() -> HubName.uri(text))
        .isInstanceOf(UserException.class)
        .hasMessage(message);
  }

  @Test
  void aPlaceIsALocationAndTheOtherWayRound() {
    String commit = "0123456789abcdef0123456789abcdef01234567";
    HubPlace place = new HubName("org/name", "v1", "below").at(commit);

    assertThat(place.location()).isEqualTo(new Location("hf://org/name@" + commit + "/below"));
    assertThat(HubPlace.of(place.location())).contains(place);
    assertThat(HubPlace.of(place.repository().location())).contains(place.repository());
    assertThat(HubPlace.of(place.location().child("config.json")).map(HubPlace::path))
        .contains("below/config.json");
  }

  @Test
  void aLocationWithoutACommitIsNoPlace() {
    assertThat(HubPlace.of(new Location("hf://org/name@main"))).isEmpty();
    assertThat(HubPlace.of(new Location("models/org/name"))).isEmpty();
    assertThatThrownBy(() -> new HubPlace("org/name", "main", ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void showsItselfAsItCanBeWritten() {
    assertThat(new HubName("org/name", "main", "")).hasToString("org/name");
    assertThat(new HubName("org/name", "v1", "below")).hasToString("org/name@v1/below");
  }
}
