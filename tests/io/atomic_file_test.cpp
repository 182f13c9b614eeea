#include "gradus/io/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <filesystem>
#include <functional>

#include "faulty_file_system.h"
#include "gradus/tensor/error.h"

namespace gradus::io {
namespace {

using Fault = FaultyFileSystem::Fault;

/// Some thousand bytes that tell where a piece is missing, doubled or of the other version.
std::string content(int version) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += std::to_string(version) + ":" + std::to_string(i) + "\n";
  return text;
}

void save(const std::string& path, const std::string& text, FileSystem& fs = FileSystem::real()) {
  write_atomically(
      path,
      [&](AtomicFile& file) {
        const size_t third = text.size() / 3;
        file.write(text.data(), third);
        file.write(text.data() + third, third);
        file.write(text.data() + 2 * third, text.size() - 2 * third);
      },
      fs);
}

std::string load(const std::string& path) { return read_file(path, 1 << 20); }

int calls_of_a_save(bool no_links = false) {
  TemporaryFolder folder;
  save(folder / "file", content(1));
  save(folder / "file", content(2));
  FaultyFileSystem counter;
  counter.no_links = no_links;
  save(folder / "file", content(3), counter);
  return counter.calls();
}

TEST(AtomicFile, SavesAndKeepsThePrevious) {
  TemporaryFolder folder;
  const std::string path = folder / "file";
  save(path, content(1));
  EXPECT_EQ(load(path), content(1));
  EXPECT_EQ(folder.entries(), 1u);
  save(path, content(2));
  save(path, content(3));
  EXPECT_EQ(load(path), content(3));
  EXPECT_EQ(load(previous_path(path)), content(2));
  EXPECT_EQ(folder.entries(), 2u);
}

TEST(AtomicFile, WritesIntoTheCurrentFolder) {
  TemporaryFolder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  save("file", content(1));
  std::filesystem::current_path(before);
  EXPECT_EQ(load(folder / "file"), content(1));
}

TEST(AtomicFile, ShortWritesAndInterruptionsAreNoFailures) {
  TemporaryFolder folder;
  FaultyFileSystem fs;
  fs.max_write = 7;
  save(folder / "file", content(1), fs);
  EXPECT_EQ(load(folder / "file"), content(1));
  FaultyFileSystem busy;
  busy.interrupt_all = true;
  save(folder / "file", content(2), busy);
  EXPECT_EQ(read_file(folder / "file", 1 << 20, busy), content(2));
}

TEST(AtomicFile, EveryFailingCallLeavesOldOrNewAndNoTemporary) {
  const int calls = calls_of_a_save();
  EXPECT_GT(calls, 10);
  int failures = 0;
  for (const int error : {ENOSPC, EIO})
    for (int at = 0; at < calls; ++at) {
      TemporaryFolder folder;
      const std::string path = folder / "file";
      save(path, content(1));
      save(path, content(2));
      FaultyFileSystem fs(Fault::kError, at, error);
      const std::string text = error_of([&] { save(path, content(3), fs); });
      const bool is_in_place = contains(text, "in place");
      if (!text.empty()) {
        ++failures;
        EXPECT_TRUE(contains(text, path)) << text;
        EXPECT_TRUE(contains(text, std::generic_category().message(error))) << text;
      }
      EXPECT_EQ(load(path), content(text.empty() || is_in_place ? 3 : 2)) << at << ": " << text;
      // `.previous` is an older whole file, or already the second name of the present one.
      const std::string previous = load(previous_path(path));
      EXPECT_TRUE(previous == content(1) || previous == content(2)) << at;
      EXPECT_EQ(folder.entries(), 2u) << "call " << at << " left a temporary file: " << text;
      save(path, content(4));
      EXPECT_EQ(load(path), content(4));
    }
  EXPECT_GT(failures, 2 * (calls - 4));
}

TEST(AtomicFile, AFirstSaveThatFailsLeavesNothing) {
  for (int at = 0; at < calls_of_a_save(); ++at) {
    TemporaryFolder folder;
    FaultyFileSystem fs(Fault::kError, at, EIO);
    const std::string text = error_of([&] { save(folder / "file", content(1), fs); });
    const bool saved = text.empty() || contains(text, "in place");
    EXPECT_EQ(folder.entries(), saved ? 1u : 0u) << at << ": " << text;
    if (saved) {
      EXPECT_EQ(load(folder / "file"), content(1));
    }
  }
}

TEST(AtomicFile, FullDisk) {
  for (size_t room = 0; room < content(3).size(); room += 97) {
    TemporaryFolder folder;
    save(folder / "file", content(2));
    FaultyFileSystem fs;
    fs.room = room;
    const std::string text = error_of([&] { save(folder / "file", content(3), fs); });
    EXPECT_TRUE(contains(text, folder / "file") && contains(text, "No space left on device")) << text;
    EXPECT_EQ(load(folder / "file"), content(2));
    EXPECT_EQ(folder.entries(), 1u);
  }
}

TEST(AtomicFile, AnExceptionOfTheWriterGoesThrough) {
  TemporaryFolder folder;
  save(folder / "file", content(1));
  EXPECT_THROW(write_atomically(folder / "file",
                                [](AtomicFile& file) {
                                  file.write("half", 4);
                                  throw std::out_of_range("mine");
                                }),
               std::out_of_range);
  EXPECT_EQ(load(folder / "file"), content(1));
  EXPECT_EQ(folder.entries(), 1u);
}

TEST(AtomicFile, RefusesImpossiblePlaces) {
  TemporaryFolder folder;
  EXPECT_TRUE(contains(error_of([&] { save(folder / "no/file", "x"); }), "No such file or directory"));
  EXPECT_TRUE(contains(error_of([&] { save(folder / "", "x"); }), "is not the name of a file"));
  std::filesystem::create_directory(folder / "folder");
  EXPECT_TRUE(contains(error_of([&] { save(folder / "folder", "x"); }), "not a regular file"));
  EXPECT_EQ(folder.entries(), 1u);
}

TEST(AtomicFile, RefusesAReadOnlyFolder) {
  TemporaryFolder folder;
  std::filesystem::permissions(folder.path(), static_cast<std::filesystem::perms>(0555));
  const bool is_root = ::geteuid() == 0;  // who may write everywhere
  if (is_root) {
    ASSERT_EQ(::seteuid(65534), 0);
  }
  const std::string text = error_of([&] { save(folder / "file", "x"); });
  if (is_root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  EXPECT_TRUE(contains(text, folder / "file") && contains(text, "Permission denied")) << text;
}

TEST(AtomicFile, TwoWritersOfOnePathAreAnError) {
  TemporaryFolder folder;
  AtomicFile first(folder / "file");
  EXPECT_TRUE(contains(error_of([&] { AtomicFile second(folder / "file"); }), "is being written by someone else"));
  first.write("1", 1);
  first.commit();
  EXPECT_EQ(load(folder / "file"), "1");
  for (const auto& late : {std::function<void()>([&] { first.write("2", 1); }), {[&] { first.commit(); }}})
    EXPECT_EQ(error_of(late), "save: " + folder / "file" + " is closed");
}

TEST(AtomicFile, OverwritesWhatAKilledWriterLeft) {
  TemporaryFolder folder;
  write_plain(folder / "file.tmp", content(7) + content(8));
  save(folder / "file", content(1));
  EXPECT_EQ(load(folder / "file"), content(1));
  EXPECT_EQ(folder.entries(), 1u);
}

/// Kills a child at call `at` of its save; returns whether it lived.
bool child_saves(const std::string& path, Fault fault, int at, bool no_links) {
  const pid_t child = ::fork();
  if (child == 0) {
    FaultyFileSystem fs(fault, at);
    fs.no_links = no_links;
    save(path, content(3), fs);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void kill_at_every_call(bool no_links) {
  const int calls = calls_of_a_save(no_links);
  int kills = 0;
  for (const Fault fault : {Fault::kKillBefore, Fault::kKillMidway})
    for (int at = 0; at <= calls; ++at) {
      TemporaryFolder folder;
      const std::string path = folder / "file";
      save(path, content(1));
      save(path, content(2));
      const bool lived = child_saves(path, fault, at, no_links);
      kills += !lived;
      const bool is_there = std::filesystem::exists(path);
      EXPECT_TRUE(is_there || no_links);
      const std::string found = load(is_there ? path : previous_path(path));
      EXPECT_TRUE(found == content(2) || found == content(3)) << "killed at call " << at;
      if (lived) {
        EXPECT_EQ(found, content(3));
      }
      const std::string previous = load(previous_path(path));
      EXPECT_TRUE(previous == content(1) || previous == content(2)) << "killed at call " << at;
      save(path, content(4));
      EXPECT_EQ(load(path), content(4));
      EXPECT_EQ(folder.entries(), 2u) << "after the next save nothing of the killed one is left";
    }
  EXPECT_EQ(kills, 2 * calls);
}

TEST(AtomicFile, AKillAtEveryCallLosesNothing) { kill_at_every_call(false); }

TEST(AtomicFile, AKillAtEveryCallLosesNothingWithoutHardLinks) { kill_at_every_call(true); }

TEST(ReadFile, AFileThatShrinksWhileItIsReadIsTruncated) {
  TemporaryFolder folder;
  write_plain(folder / "file", "12345");
  InputFile file(folder / "file", FileSystem::real());
  std::filesystem::resize_file(folder / "file", 2);
  char bytes[5];
  EXPECT_EQ(error_of([&] { file.read(bytes, 5); }),
            "read: " + folder / "file" + " is truncated: 5 bytes expected, 2 left");
}

TEST(ReadFile, RefusesWhatIsTooLargeAbsentOrNoFile) {
  TemporaryFolder folder;
  write_plain(folder / "file", "12345");
  EXPECT_EQ(read_file(folder / "file", 5), "12345");
  EXPECT_TRUE(contains(error_of([&] { read_file(folder / "file", 4); }), "has 5 bytes, more than the allowed 4"));
  EXPECT_TRUE(contains(error_of([&] { read_file(folder / "none", 4); }), folder / "none: No such file"));
  EXPECT_TRUE(contains(error_of([&] { read_file(folder.path(), 4); }), "not a regular file"));
  for (int at = 0; at < 3; ++at) {
    FaultyFileSystem fs(Fault::kError, at, EIO);
    EXPECT_TRUE(contains(error_of([&] { read_file(folder / "file", 5, fs); }), folder / "file: Input/output error"));
  }
}

}  // namespace
}  // namespace gradus::io
