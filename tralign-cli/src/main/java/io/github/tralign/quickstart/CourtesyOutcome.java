package io.github.tralign.quickstart;

import java.util.List;

/**
 * What a model does with the held-out questions.
 *
 * @param title of the run, or of the start
 * @param answers the most probable ones, to the questions that are shown
 * @param drawn what was measured on drawn answers
 * @param accuracy share of held-out pairs whose reward margin to the start is positive
 * @param margin the mean reward margin to the start
 * @param seconds of training; 0 for the start
 */
record CourtesyOutcome(
    String title,
    List<String> answers,
    CourtesyAnswers.Drawn drawn,
    double accuracy,
    double margin,
    double seconds) {}
