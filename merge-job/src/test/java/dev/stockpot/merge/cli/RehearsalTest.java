package dev.stockpot.merge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  private final Set<String> properties = Set.copyOf(System.getProperties().stringPropertyNames());

  @AfterEach
  void restoreProperties() {
    System.getProperties().keySet().retainAll(properties);
  }

  @Test
  void mergesTheQuickstartAndBeginsAMergeIntoS3(@TempDir Path folder) throws Exception {
    StringWriter out = new StringWriter();
    assertThat(Rehearsal.rehearse(folder.resolve("q"), new PrintWriter(out, true))).isZero();
    assertThat(out.toString())
        .contains("Merged 4 models by ties into " + folder.resolve("q/merged"))
        .contains("s3a://nobody/merged was taken over by another merge");
  }
}
