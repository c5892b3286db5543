package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildVersionTest {
  @TempDir private Path folder;

  private Path jar(String commit) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(new Attributes.Name("Implementation-Build"), commit);
    Path jar = folder.resolve("some.jar");
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    return jar;
  }

  @Test
  void aJarTellsTheCommitThatItWasMadeFrom() throws IOException {
    assertThat(BuildVersion.commit(jar("b1f672d27a3c"))).contains("b1f672d27a3c");
    assertThat(BuildVersion.commit(jar("b1f672d27a3c+"))).contains("b1f672d27a3c+");
  }

  @Test
  void aBuildThatWasNotToldSaysNothing() throws IOException {
    assertThat(BuildVersion.commit(jar("unknown"))).isEmpty();
    assertThat(BuildVersion.commit(jar(""))).isEmpty();
    try (JarOutputStream bare =
        new JarOutputStream(Files.newOutputStream(folder.resolve("bare.jar")))) {
      bare.finish();
    }
    assertThat(BuildVersion.commit(folder.resolve("bare.jar"))).isEmpty();
  }

  @Test
  void classesInAFolderAreOfNoCommit() throws IOException {
    assertThat(BuildVersion.commit(folder)).isEmpty();
    assertThat(BuildVersion.commit(folder.resolve("missing.jar"))).isEmpty();
    assertThat(BuildVersion.commit(Files.writeString(folder.resolve("no.jar"), "no jar")))
        .isEmpty();
    assertThat(BuildVersion.commit()).isEmpty();
    assertThat(BuildVersion.stockpot()).isEqualTo("development");
  }
}
