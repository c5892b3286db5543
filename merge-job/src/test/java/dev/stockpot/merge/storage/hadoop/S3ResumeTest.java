package dev.stockpot.merge.storage.hadoop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.CommitStateUnknownException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.ResumeContract;
import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who publishes when a driver on S3 is dead, or only seems to be. */
class S3ResumeTest extends ResumeContract {
  private static final AtomicInteger TESTS = new AtomicInteger();

  private static S3Server server;
  private static ObjectStore store;

  private Location root;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
    store = new HadoopStore(server.entries());
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @BeforeEach
  void useAPlaceOfItsOwn() {
    server.forget();
    root = server.root().child("test-" + TESTS.incrementAndGet());
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Override
  protected Location root() {
    return root;
  }

  private boolean isLock(String request) {
    return request.equals("PUT /models/" + root.name() + "/.out.stockpot-lock");
  }

  private void assertNothingIsLeftBesideTheOutput() {
    assertThat(server.objectsBelow(root)).allMatch(path -> path.startsWith(out().path() + "/"));
    assertThat(server.uploadsBelow(root)).isEmpty();
  }

  @Test
  void aDeadMergeIsGoneOnWith() throws IOException {
    half(store.create(out(), Replaceable.NOTHING)).put("manifest.json", bytes("of the dead"));
    assertThat(server.uploadsBelow(out())).hasSize(2);

    try (PendingFolder folder = store.resume(out(), Replaceable.NOTHING)) {
      assertThat(folder.predecessor().orElseThrow())
          .startsWith("process " + ProcessHandle.current().pid());
      goOn(folder);
      folder.publish();
    }
    assertPublished();
    assertNothingIsLeftBesideTheOutput();
  }

  @Test
  void whoIsTakenForDeadCannotPublishAndLeavesEverythingToTheOther() throws IOException {
    PendingFolder slow = half(store.create(out(), Replaceable.NOTHING));
    try (PendingFolder other = store.resume(out(), Replaceable.NOTHING)) {
      goOn(other);
      assertThatThrownBy(() -> slow.note("late", bytes("late")))
          .isInstanceOf(OutputOccupiedException.class)
          .hasMessageStartingWith(out() + " was taken over by another merge (process ")
          .hasMessageEndingWith("This one stops and leaves it alone");
      assertThat(slow.successor()).isPresent();
      slow.close();

      assertThat(server.uploadsBelow(out())).hasSize(2);
      other.publish();
    }
    assertPublished();
    assertNothingIsLeftBesideTheOutput();
  }

  @Test
  void whoIsTakenForDeadFindsOutAtTheLatestWhenItPublishes() throws IOException {
    try (PendingFolder slow = store.create(out(), Replaceable.NOTHING)) {
      make(slow.startUpload(FIRST, 5), "other");
      PendingFolder other = half(store.resume(out(), Replaceable.NOTHING));

      assertThatThrownBy(slow::publish)
          .isInstanceOf(OutputOccupiedException.class)
          .hasMessageContaining("was taken over");
      assertThat(server.objectsBelow(out())).isEmpty();
      other.close();
    }
    assertThat(server.objectsBelow(root)).isEmpty();
  }

  @Test
  void ofSeveralWhoGoOnExactlyOnePublishes() throws Exception {
    half(store.create(out(), Replaceable.NOTHING));
    int merges = 4;
    CyclicBarrier together = new CyclicBarrier(merges);
    ExecutorService threads = Executors.newFixedThreadPool(merges);
    List<Future<Boolean>> ends = new ArrayList<>();
    Callable<Boolean> merge =
        () -> {
          together.await();
          try (PendingFolder folder = store.resume(out(), Replaceable.NOTHING)) {
            goOn(folder);
            folder.publish();
          }
          return true;
        };
    for (int i = 0; i < merges; i++) {
      ends.add(threads.submit(merge));
    }
    int published = 0;
    for (Future<Boolean> end : ends) {
      try {
        published += end.get() ? 1 : 0;
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(IOException.class);
      }
    }
    threads.shutdown();

    assertThat(published).isEqualTo(1);
    assertPublished();
  }

  @Test
  void aMergeThatIsNotGoneOnWithAfterAllIsItsHoldersAgain() throws IOException {
    try (PendingFolder slow = half(store.create(out(), Replaceable.NOTHING))) {
      store.resume(out(), Replaceable.NOTHING).keep(); // it was another recipe, say
      make(slow.startUpload("c.safetensors", 1), "c");
      assertThat(slow.successor()).isEmpty();
    }
    assertThat(server.objectsBelow(root)).isEmpty();
    assertThat(server.uploadsBelow(root)).isEmpty();
  }

  @Test
  void aDeathInMidPublishingIsGoneOnWith() throws IOException {
    server.breaks(completing(SECOND), Fault.RESET, Integer.MAX_VALUE);
    assertThatThrownBy(() -> publishHalfway(false)).isInstanceOf(CommitStateUnknownException.class);
    assertThat(server.objectsBelow(out())).containsExactly(out().child(FIRST).path());

    server.forget();
    goOnAndPublish(false);
    assertPublished();
    assertNothingIsLeftBesideTheOutput();
  }

  @Test
  void aDeathWhileAFolderIsReplacedIsGoneOnWith() throws IOException {
    server.write(out().child(FIRST), "old first".getBytes(UTF_8));
    server.write(out().child("old.json"), "old".getBytes(UTF_8));
    server.breaks(completing(SECOND), Fault.RESET, Integer.MAX_VALUE);
    assertThatThrownBy(() -> publishHalfway(true)).isInstanceOf(CommitStateUnknownException.class);

    server.forget();
    goOnAndPublish(true);
    assertPublished();
    assertNothingIsLeftBesideTheOutput();
  }

  private static Predicate<String> completing(String name) {
    return request ->
        request.startsWith("POST") && request.contains(name) && request.contains("uploadId=");
  }

  private void publishHalfway(boolean overwrite) throws IOException {
    PendingFolder first =
        store.create(
            out(), overwrite ? Replaceable.of(store.tree(out(), 100)) : Replaceable.NOTHING);
    PendingFolder.Upload one = first.startUpload(FIRST, 5);
    PendingFolder.Upload two = first.startUpload(SECOND, 6);
    String entry = one.id() + " " + two.id() + " " + make(one, "first").handle();
    first.note("entry", bytes(entry + " " + make(two, "second").handle()));
    first.put("manifest.json", bytes("whole"));
    first.publish();
  }

  private void goOnAndPublish(boolean overwrite) throws IOException {
    try (PendingFolder folder =
        store.resume(out(), overwrite ? Replaceable.of(List.of()) : Replaceable.NOTHING)) {
      String[] entry = text(folder.journal().get("entry")).split(" ", -1);
      finish(folder.continueUpload(FIRST, 5, entry[0]).orElseThrow(), 5, entry[2]);
      finish(folder.continueUpload(SECOND, 6, entry[1]).orElseThrow(), 6, entry[3]);
      folder.put("manifest.json", bytes("whole"));
      folder.publish();
    }
  }

  private static void finish(PendingFolder.Upload upload, int size, String handle)
      throws IOException {
    upload.complete(List.of(new PartReceipt(upload.ticket(1, new ByteRange(0, size)), handle)));
  }

  @Test
  void aKeptUploadThatTheBucketAbortedIsSaid() throws IOException {
    half(store.create(out(), Replaceable.NOTHING)).keep();
    server.abortUploadsOf(out().child(FIRST));

    assertThatThrownBy(
            () -> {
              try (PendingFolder folder = store.resume(out(), Replaceable.NOTHING)) {
                goOn(folder);
                try {
                  folder.publish();
                } finally {
                  assertThat(folder.keep()).isFalse(); // part of it was shown and hidden again
                }
              }
            })
        .hasMessageContaining("The upload of " + out().child(FIRST) + " is gone")
        .hasMessageContaining("Merge again");
    assertThat(server.objectsBelow(root)).isEmpty();
    assertThat(server.uploadsBelow(root)).isEmpty();
  }

  @Test
  void aTakeoverWhoseAnswerIsLostIsOurs() throws IOException {
    half(store.create(out(), Replaceable.NOTHING));
    server.forget();
    AtomicInteger puts = new AtomicInteger(); // the first finds that there is a lock
    server.breaks(request -> isLock(request) && puts.incrementAndGet() == 2, Fault.LOSE_ANSWER, 1);

    try (PendingFolder folder = store.resume(out(), Replaceable.NOTHING)) {
      assertThat(folder.successor()).isEmpty();
      goOn(folder);
      server.breaks(this::isLock, Fault.LOSE_ANSWER, 1);
      folder.publish();
    }
    assertPublished();
  }
}
