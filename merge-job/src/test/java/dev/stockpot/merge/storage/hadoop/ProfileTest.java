package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials of the AWS SDK's profiles, for a bucket on a server that asks for them. */
class ProfileTest {
  private static final String CONFIG = "aws.configFile";
  private static final String CREDENTIALS = "aws.sharedCredentialsFile";
  private static final String NO_INSTANCE = "aws.disableEc2Metadata";
  private static final String PROFILE = "aws.profile";

  @TempDir private Path folder;
  private S3Server server;

  @BeforeEach
  void startAServerThatAsksForKeys() throws Exception {
    server = new S3Server();
    server.write(new Location("s3a://models/a/config.json"), new byte[2]);
    System.setProperty(NO_INSTANCE, "true");
    System.setProperty(CONFIG, folder.resolve("config").toString());
    System.setProperty(CREDENTIALS, folder.resolve("credentials").toString());
    Files.writeString(folder.resolve("config"), "");
    Files.writeString(folder.resolve("credentials"), "");
  }

  @AfterEach
  void forgetProfiles() throws Exception {
    System.clearProperty(NO_INSTANCE);
    System.clearProperty(CONFIG);
    System.clearProperty(CREDENTIALS);
    System.clearProperty(PROFILE);
    server.close();
  }

  private HadoopStore store() {
    Map<String, String> entries = new HashMap<>(server.entries());
    entries.remove("fs.s3a.access.key");
    entries.remove("fs.s3a.secret.key");
    return new HadoopStore(entries);
  }

  @Test
  void theDefaultProfileIsUsed() throws IOException {
    Files.writeString(
        folder.resolve("credentials"),
        "[default]\naws_access_key_id = test-access-key\naws_secret_access_key = test-secret-key\n");

    assertThat(store().list(new Location("s3a://models/a"))).hasSize(1);
  }

  @Test
  void theProfileThatIsNamedIsUsed() throws IOException {
    Files.writeString(
        folder.resolve("config"),
        "[profile team]\naws_access_key_id = test-access-key\naws_secret_access_key = test-secret-key\n");
    System.setProperty(PROFILE, "team");

    assertThat(store().list(new Location("s3a://models/a"))).hasSize(1);
  }

  @Test
  void aProfileThatSignsOnOnceNeedsASessionAndNoOtherJar() throws IOException {
    Files.writeString(
        folder.resolve("config"),
        """
        [profile team]
        sso_session = company
        sso_account_id = 123456789012
        sso_role_name = Reader

        [sso-session company]
        sso_region = eu-west-1
        sso_start_url = https://company.example/start
        """);
    System.setProperty(PROFILE, "team");

    assertThatThrownBy(() -> store().list(new Location("s3a://models/a")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("access is denied")
        .hasMessageContaining("credentials")
        .satisfies(
            failure ->
                assertThat(causes(failure))
                    .contains("token")
                    .doesNotContain("must be on the class path"));
  }

  private static String causes(Throwable failure) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      text.append(cause.getMessage()).append('\n');
      for (Throwable suppressed : cause.getSuppressed()) {
        text.append(suppressed.getMessage()).append('\n');
      }
    }
    return text.toString();
  }
}
