// What a finished run shows: confusion matrix, curves, misread images.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gradus/examples/digits/images.h"
#include "gradus/examples/digits/training.h"

namespace digits {

/// How the network read a set of images.
struct Reading {
  Tensor logits;                ///< [N, 10]
  std::vector<int64_t> counts;  ///< counts[t * 10 + p]: how often class t was taken for class p
  Score score;
};

Reading read(Net& net, const Images& images);

/// The counts as a table for a terminal, a row for each true class with its share of right answers.
std::string confusion_text(const Reading& reading, const std::vector<std::string>& names);

void draw_confusion(const std::filesystem::path& path, const Reading& reading, const std::vector<std::string>& names,
                    const std::string& title);
/// Loss at the left, accuracy at the right, of training and validation.
void draw_curves(const std::filesystem::path& path, const Training::History& history);
/// Up to 40 misread images, the most confident mistakes first, each with "what it is, as what it was read".
void draw_misread(const std::filesystem::path& path, const Reading& reading, const Images& images,
                  const std::vector<std::string>& names);

}  // namespace digits
