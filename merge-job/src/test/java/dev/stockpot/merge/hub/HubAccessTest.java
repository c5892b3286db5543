package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubAccessTest {
  @TempDir private Path home;

  private HubAccess access(String... variables) {
    Map<String, String> environment = new java.util.HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return HubAccess.of(environment, home, "", "");
  }

  private String sent(String... variables) {
    return access(variables).token().map(HubToken::authorization).orElse("nobody");
  }

  private void write(String path, String text) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void isThePublicHubUnlessToldOtherwise() {
    assertThat(access().endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(access("HF_ENDPOINT", "https://hf-mirror.com/").endpoint())
        .isEqualTo(URI.create("https://hf-mirror.com"));
    assertThat(access("HF_ENDPOINT", "https://work.example/hub//").endpoint())
        .isEqualTo(URI.create("https://work.example/hub"));
  }

  @Test
  void settingsTakePrecedenceOfVariables() {
    Map<String, String> variables = Map.of("HF_ENDPOINT", "https://a", "HF_HUB_CACHE", "/a");
    HubAccess access = HubAccess.of(variables, home, "https://b", "/b");

    assertThat(access.endpoint()).isEqualTo(URI.create("https://b"));
    assertThat(access.cache()).isEqualTo(Path.of("/b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "huggingface.co",
        "ftp://huggingface.co",
        "https://me:secret@hub",
        "https://a?key=secret",
        "https://a b",
        "https://"
      })
  void refusesAnAddressThatIsNoneWithoutShowingIt(String address) {
    assertThatThrownBy(() -> access("HF_ENDPOINT", address))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "hub-endpoint, or HF_ENDPOINT, must be the address of a hub without user and question mark, such as https://huggingface.co")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/c  |    |    |    | /c",
        "    | /l |    |    | /l",
        "/c  | /l | /h | /x | /c",
        "    | /l | /h | /x | /l",
        "    |    | /h | /x | /h/hub",
        "    |    |    | /x | /x/huggingface/hub",
      })
  void findsTheCacheWhereTheHubsProgramsHaveIt(
      String cache, String legacy, String hubHome, String xdg, String expected) {
    HubAccess access =
        access(
            "HF_HUB_CACHE",
            cache,
            "HUGGINGFACE_HUB_CACHE",
            legacy,
            "HF_HOME",
            hubHome,
            "XDG_CACHE_HOME",
            xdg);
    assertThat(access.cache()).isEqualTo(Path.of(expected));
  }

  @Test
  void theCacheIsInTheHomeFolderWhereNobodySaysOtherwise() {
    assertThat(access().cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(access("HF_HOME", "~/models").cache()).isEqualTo(home.resolve("models/hub"));
    assertThat(access("HF_HUB_CACHE", "").cache())
        .isEqualTo(home.resolve(".cache/huggingface/hub"));
  }

  @ParameterizedTest
  @CsvSource({
    "HF_HUB_OFFLINE,       1,     HF_HUB_OFFLINE is set",
    "HF_HUB_OFFLINE,       yes,   HF_HUB_OFFLINE is set",
    "HF_HUB_OFFLINE,       On,    HF_HUB_OFFLINE is set",
    "TRANSFORMERS_OFFLINE, TRUE,  TRANSFORMERS_OFFLINE is set",
  })
  void staysOfflineWhereTheHubsProgramsWould(String name, String value, String reason) {
    assertThat(access(name, value).closed()).contains(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "", "no", "false", "off", "2"})
  void isOnlineForEveryOtherValue(String value) {
    assertThat(access("HF_HUB_OFFLINE", value).closed()).isEmpty();
    assertThat(access().closed()).isEmpty();
  }

  @Test
  void takesTheTokenOfTheFirstPlaceThatHasOne() throws IOException {
    assertThat(sent()).isEqualTo("nobody");

    write(".cache/huggingface/token", "hf_home\n");
    assertThat(sent()).isEqualTo("Bearer hf_home");

    write("elsewhere", "\nhf_file\r\n");
    assertThat(sent("HF_TOKEN_PATH", "~/elsewhere")).isEqualTo("Bearer hf_file");
    assertThat(sent("HUGGING_FACE_HUB_TOKEN", "hf_old")).isEqualTo("Bearer hf_old");
    assertThat(sent("HF_TOKEN", "hf_new\n", "HUGGING_FACE_HUB_TOKEN", "hf_old"))
        .isEqualTo("Bearer hf_new");
    assertThat(sent("HF_TOKEN", "hf_new", "HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"))
        .isEqualTo("nobody");
  }

  @Test
  void theTokenOfAnotherHomeIsThere() throws IOException {
    write("other/token", "hf_other");
    assertThat(sent("HF_HOME", "~/other")).isEqualTo("Bearer hf_other");
  }

  @Test
  void aTokenThatCannotBeOneIsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> access("HF_TOKEN", "hf_secret with blanks"))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "HF_TOKEN holds something that is no token: it has blanks, or letters that tokens have not. Copy it again from the hub's page of access tokens")
        .hasMessageNotContaining("secret");
  }

  @Test
  void neitherATokenNorItsOwnerShowsIt() {
    HubAccess access = access("HF_TOKEN", FakeHub.TOKEN);

    assertThat(access.toString()).doesNotContain(FakeHub.TOKEN).contains("a token");
    assertThat(access).isNotInstanceOf(java.io.Serializable.class);
    assertThat(access.token().orElseThrow()).isNotInstanceOf(java.io.Serializable.class);
  }
}
