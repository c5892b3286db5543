package dev.stockpot.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that others read hold no keys, and are otherwise as they were. */
class SecretsTest {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGH";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s3a://KEY:SECRET@bucket/m | s3a://***@bucket/m",
        "see https://me:word@host/x and https://you@host | see https://***@host/x and"
            + " https://***@host",
        "HTTPS://me:word@host | HTTPS://***@host",
        "abfs://container:key@account/m | abfs://***@account/m",
        "id AKIAIOSFODNN7EXAMPLE, | id AKIA***,",
        "ASIAIOSFODNN7EXAMPLE | ASIA***",
        "Authorization: Bearer abcdefgh.ij-kl | Authorization: Bearer ***",
        "authorization: basic dXNlcjpwYXNz | authorization: basic ***",
        "https://h/x?X-Amz-Algorithm=A&X-Amz-Signature=0123ab&z=1 |"
            + " https://h/x?X-Amz-Algorithm=A&X-Amz-Signature=***&z=1",
        "https://h/x?X-Amz-Credential=AK%2F2026&x=2 | https://h/x?X-Amz-Credential=***&x=2",
        "https://h/x?x-amz-security-token=abc | https://h/x?x-amz-security-token=***",
        "https://h/x?Policy=e30&Signature=ab~c&Key-Pair-Id=K1 |"
            + " https://h/x?Policy=***&Signature=***&Key-Pair-Id=***",
        "https://h/x?sv=1&sig=a%2Bb | https://h/x?sv=1&sig=***",
        "https://h/eval?token=abc | https://h/eval?token=***",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG | aws_secret_access_key = ***",
        "fs.s3a.secret.key=wJalrXUtnFEMI | fs.s3a.secret.key=***",
        "{\"password\": \"hunter22\"} | {\"password\": \"***\"}",
        "api_key: abcdef123 | api_key: ***",
        "failed with token=wJalrXUtnFEMI | failed with token=***",
        "ghp_abcdefghijklmnopqrst | ghp_***",
        "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeK | eyJ***",
      })
  void isHidden(String text, String shown) {
    assertThat(Secrets.hidden(text)).isEqualTo(shown);
    assertThat(Secrets.hidden(shown)).as("twice is once").isEqualTo(shown);
  }

  @Test
  void tokensOfHubsAreHidden() {
    assertThat(Secrets.hidden("hf_%s, api_org_%s; sk-%s".formatted(LETTERS, LETTERS, LETTERS)))
        .isEqualTo("hf_***, api_org_***; sk-***");
  }

  @Test
  void keysInFilesAreHidden() {
    assertThat(
            Secrets.hidden(
                "-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\nab\n-----END RSA PRIVATE KEY-----"))
        .doesNotContain("MIIE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "model.layers.0.self_attn.q_proj.weight",
        "pad_token: <|endoftext|>",
        "tokenizer_source: union",
        "tokens: {\"<|im_start|>\": {source: \"org/x\"}}",
        "abfs://container@account.dfs.core.windows.net/m",
        "hf://gpt2@main",
        "org/name@0123456789abcdef",
        "models/a+adapters/b",
        "etag:\"0123456789abcdef\"",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "parameters: {weight: 0.5, density: 0.3}",
        "hf_text_encoder.layers.0.weight",
        "a basic merge of bearer models",
        "user@host, mail@example.com",
        "file:///models/@home/x",
        "x?seed=7&set=1",
        "the key of a tensor in its shard: token_embd.weight",
      })
  void staysAsItIs(String text) {
    assertThat(Secrets.hidden(text)).isEqualTo(text);
  }

  @Test
  void whatTheEnvironmentCallsASecretIsOneHoweverItLooks() {
    Secrets secrets =
        Secrets.of(
            Map.of(
                "AWS_SECRET_ACCESS_KEY",
                "plain words here",
                "MY_API_KEY",
                "plain words here, and more",
                "HF_TOKEN_PATH",
                "/home/me/token-file",
                "SHORT_TOKEN",
                "model",
                "TOKENIZERS_PARALLELISM",
                "quite a long value",
                "OTHER",
                "another long value"));

    assertThat(secrets.hide("a plain words here, and more; plain words here"))
        .isEqualTo("a ***; ***");
    assertThat(secrets.hide("/home/me/token-file, model, quite a long value, another long value"))
        .isEqualTo("/home/me/token-file, model, quite a long value, another long value");
  }

  @Test
  void messagesToUsersHideThem() {
    String message = "https://me:word@host/x cannot be read";

    assertThat(new UserException(message)).hasMessage("https://***@host/x cannot be read");
    assertThat(new UserException(message, new IllegalStateException("x")))
        .hasMessage("https://***@host/x cannot be read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "://", "eyJ-", "a:", "?sig=", "secret_key: ", "Bearer ", "AKIA", "."})
  void longTextsEnd(String piece) {
    String text = piece.repeat(1_000_000 / piece.length());

    assertTimeoutPreemptively(Duration.ofMinutes(1), () -> Secrets.hidden(text));
  }
}
