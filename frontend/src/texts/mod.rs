//! Every word that the page says, in one place. A language is one value of [`Texts`]: a second one is
//! a second file beside `ko`, and the compiler names each text that it lacks.

mod josa;
mod ko;
pub mod said;

pub use josa::fill;

macro_rules! texts {
    ($($(#[$doc:meta])* $group:ident { $($field:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        pub struct $group { $(pub $field: &'static str),* }
    )*};
}

/// All texts of one language.
pub struct Texts {
    pub layout: Layout,
    pub failure: FailureTexts,
    pub connection: ConnectionTexts,
    pub common: Common,
    pub sign_in: SignIn,
    pub home: Home,
    pub jobs: Jobs,
    pub runs: Runs,
    pub run: Run,
    pub artifacts: Artifacts,
    pub artifact: ArtifactTexts,
    pub models: Models,
    pub engine: EngineTexts,
    pub write: Write,
    pub chat: Chat,
    pub tokenizers: Tokenizers,
    pub rules: Rules,
    pub report: Report,
    pub upload: Upload,
    pub new_run: NewRun,
    pub not_found: NotFound,
    pub insecure: Insecure,
    pub problems: Problems,
    pub refusals: Refusals,
    pub reports: Reports,
    pub import_rules: ImportRules,
    pub kept: Kept,
    pub labs: Labs,
    pub elsewhere: Elsewhere,
}

/// The texts of the page's language.
pub fn texts() -> &'static Texts {
    &ko::TEXTS
}

texts! {
    Layout {
        name, home, course, runs, artifacts, models, menu, navigation, sign_in, sign_out, account, skip_to_content, footer,
        theme_system, theme_light, theme_dark, tokenizers, notifications, notifications_unread,
    }
    /// Placeholders: `{detail}`, `{message}`.
    FailureTexts {
        unreachable, unreadable, refused, not_signed_in, forbidden, not_found, too_many_requests,
        quota_exceeded, internal, unavailable,
    }
    Labs { loading, failed }
    Elsewhere { failed }
    /// Placeholder: `{seconds}`.
    ConnectionTexts { lost, try_now }
    Common {
        loading, try_again, close, newer, older, pages, page_title, seconds, minutes, hours, days,
        seconds_ago, minutes_ago, hours_ago, days_ago, steps, today, tomorrow, day, morning, afternoon, hour,
    }
    SignIn {
        title, working, no_link_title, no_link_words, failed_title, ask_operator, expired_title, expired_words,
        operator_command, to_home, already, name, password, wrong,
    }
    Home {
        hero, lead, stages_title, stage_import, stage_import_words, stage_curate, stage_curate_words,
        stage_tokenizer, stage_tokenizer_words, stage_pretrain, stage_pretrain_words, stage_talk, stage_talk_words,
        sign_in, greeting, now_running, nothing_runs, latest, no_jobs_title, no_jobs_words, cohorts, no_cohort,
        new_run, role_learner, role_assistant, role_instructor, operator, all_runs, public_models,
    }
    Jobs {
        import, curate, train_tokenizer, pretrain, export, import_model, waiting, queued, running, succeeded, failed, cancelled,
        files, documents, bytes, merges, steps, left,
    }
    Runs {
        title, lead, new_run, all, state, name, number, started, duration, progress, empty_title, empty_words, empty_filter,
        empty_filter_words, start_words, show_state, pipeline,
    }
    Run {
        title, loading, reconnecting, failed_title, cancel, cancel_title, cancel_words, cancel_yes, cancel_no,
        cancel_sent, cancelling, resume, resume_sent, duplicate, duplicate_title, duplicate_words, duplicate_yes,
        duplicate_whole, duplicate_no, duplicate_sent, reason, attempts, created, took, running_for, waits_for, inputs,
        outputs, lineage, from_job, artifact, no_outputs_yet, tab_charts, tab_samples, tab_log,
        tab_spec, tabs, loss, validation_loss, loss_training, loss_validation, bits_per_byte, tokens_per_second, learning_rate,
        gradient_norm, memory, step, no_metrics_title, no_metrics_words, chart_summary, samples_title, samples_oldest,
        samples_newest, samples_at, no_samples_title, no_samples_words, log_empty, log_warning,
        log_error, log_resumed, log_checkpoint, log_state, log_cut, parameters, tokens,
        context_length, spec_title, chart_missing, live, preflight_loss,
        forecast, forecast_expected, forecast_actual, forecast_so_far, forecast_time, forecast_words, forecast_unmeasured,
        groups, groups_words, group_attention, group_feed_forward, group_others, group_layer, group_embedding,
        group_norms, group_head, group_update_ratio, group_gradient_norm, group_dead_units,
        odd_large_updates, odd_small_updates, odd_dead_units, odd_no_gradient,
        waits_pause, waits_worker, waits_memory, waits_others, waits_reservation,
    }
    /// Placeholder: `{n}`.
    Artifacts {
        title, lead, upload, all, show_kind, number, label, kind, size, origin, created, uploaded, from_job, evaluation,
        empty_title, empty_words, source, dataset, corpus, tokenizer, model, report, output, dropped,
    }
    /// Placeholders: `{n}`, `{output}`.
    ArtifactTexts {
        kind, purpose, for_training, for_evaluation, size, created, files, file, lineage, uploaded, from_job, artifact,
        made_from, seed, code_version, deleted, delete, delete_title, delete_words, delete_yes, delete_no, delete_done,
        delete_done_descendants, rows, rows_total, rows_before, rows_after, no_rows_title, no_rows_words, row_number,
        row_cut, all_rules, show_rule, role_system, role_user, role_assistant, report, playground,
        import_title, import_words, import_name_hint, import_licence_hint, import_start,
    }
    /// Placeholders: `{name}`, `{n}`.
    Models {
        title, lead, mine, mine_empty_title, mine_empty_words, public, public_empty_title, public_empty_words,
        by, is_published, write, chat, files_title, publisher, published_at, gone_title, gone_words,
        publish, publish_title, publish_words, publish_again, name, name_hint, description, description_hint,
        publish_yes, publish_no, published, withdraw, withdraw_words, withdrawn, see_public,
        published_unread,
    }
    /// Placeholders: `{file}`, `{size}`, `{detail}`, `{tokens}`, `{room}`, `{done}`, `{total}`, `{n}`, `{of}`, `{gpu}`, `{processor}`.
    EngineTexts {
        not_found, refused, server, network, wrong_bytes, storage_full, no_storage, missing_file, not_a_model,
        not_a_tokenizer, nothing_open, no_chat, input, gpu, stopped, version, crashed, web_gpu, processor,
        why_unusable, why_lost, why_slower, end_of_text, end_of_length, end_of_context, end_by_stop, starting, fetching,
        checking, preparing, amount, retrying, load_failed, load_again, engine, choice, automatic,
        parameters, context_length, context_tokens, speed, speed_words, first_token, tokens, memory,
        settings, temperature, temperature_hint, top_p, top_p_hint, length, length_hint, seed, seed_hint,
        new_seed, not_started, too_long, gpu_reopening, stop_loading, loading_stopped, take_processor,
        engine_waiting, detail, crashed_title, weights, weights_hint, weights_automatic, weights_exact, weights_8_bits, weights_4_bits,
    }
    /// Placeholders: `{name}`, `{n}`.
    Write {
        title, lead, text, placeholder, start, stop, again, clear, dropped, next_title, next_open, next_words,
        next_own, next_drawn, next_cut, next_candidates, next_append, next_waiting, to_chat, undo,
    }
    /// Placeholders: `{name}`, `{n}`.
    Chat {
        title, lead, message, placeholder, send, stop, again, new, you, model, dropped, no_chat_title,
        no_chat_words, to_write, conversation, empty, undo,
    }
    /// Placeholders: `{n}`, `{tokens}`, `{characters}`, `{bytes}`, `{limit}`.
    Tokenizers {
        title, lead, text, first_text, left, right, choose, choose_none, from_file, from_file_hint, counts, per_token, cut,
        cut_text, loading, lossless, lossy, vocabulary, show_ids, id, piece, token,
        bytes, offsets, partial, empty, open_again, file_too_large, file_unreadable, mine_failed, rows_cut,
    }
    Rules {
        normalize_nfc, remove_control_characters, remove_html, remove_markdown, normalize_whitespace, length,
        hangul_share, exact_duplicates,
    }
    /// Placeholders: `{n}`, `{kept}`, `{read}`, `{dropped}`, `{changed}`.
    Report {
        overview, documents, rows_read, rows_dropped, text_size, kept_of, sources, left_out, times, documents_read,
        documents_kept, documents_dropped, through, through_words, rule_words, examples, vocabulary_size,
        bytes_per_token, tokens_per_eojeol, segmentations, segmentations_words, longest,
        training_documents, held_out_documents, samples_words,
    }
    /// Placeholders: `{sent}`, `{total}`.
    Upload {
        title, lead, cohort, files, files_hint, no_file, label, label_hint, purpose, for_training, for_training_words,
        for_evaluation, for_evaluation_words, send, progress, done, failed, no_cohort_title, no_cohort_words,
    }
    /// Placeholders: `{message}`, `{has}`, `{wants}`, `{from}`, `{to}`, `{share}`.
    NewRun {
        title, lead, no_cohort_title, no_cohort_words, cohort, texts_title, no_texts_title, no_texts_words, upload,
        evaluation_words, reading, encoding, encoding_hint, text_field, text_field_hint, licence, licence_hint,
        size_title, tiny, tiny_words, small, small_words, depth, depth_words, depth_label, depth_hint, depth_wrong, architecture, llama, llama_words, gpt2, gpt2_words, details, fitted, fitted_vocabulary, fitted_steps,
        fitted_held_out, too_little, vocabulary_size, vocabulary_size_hint, context_length, context_length_hint, layers,
        layers_hint, hidden_size, hidden_size_hint, heads, heads_hint, key_value_heads, key_value_heads_hint,
        feed_forward_size, feed_forward_size_hint, steps, steps_hint, warmup_steps, warmup_steps_hint, rows, rows_hint,
        learning_rate, learning_rate_hint, every_steps, every_steps_hint, seed, seed_hint, no_number, problem,
        estimate_title, parameters, tokens, memory, tokens_per_second, time, finish, around, time_words, asking_speed,
        no_answer_words, not_measured_words, no_worker_words, too_large_words,
        optimizer, adamw, adamw_words, muon, muon_words, muon_rate, muon_rate_hint,
        decay, cosine, cosine_words, stable, stable_words, decay_steps, decay_steps_hint,
        precision, f32, f32_words, bf16, bf16_words,
        activations, activations_kept, activations_kept_words, activations_recomputed, activations_recomputed_words,
        average, average_without, average_without_words, average_with, average_with_words,
        preflight, preflight_without, preflight_without_words, preflight_with, preflight_with_words,
        from_earlier, from_earlier_deleted, has_problems, choose_text, more_text, start, failed,
    }
    NotFound { title, words, to_home }
    /// Placeholders: `{0}`, `{1}`: what stands at their places in the sentence that is translated.
    Problems {
        range, above_zero, heads, heads_evenly, key_value_heads, too_many_parameters, warmup, warmup_and_decay, bytes_on_one_line, one_line,
        bytes_between, bytes, characters_between, characters, control_characters, guessed, label, no_source,
        no_artifact, evaluation, unbound, not_uploaded, twice,
    }
    /// Placeholders: `{0}` to `{4}`, as in [`Problems`].
    Reports {
        imported, nothing_of_source, text_field, breaks_off, zip_bomb, too_large, looks_like, no_encoding, curated,
        merging, tokenizer, pretrain_data, stopped, resumed, exported, model_imported, cancelled_unanswered, cancelled,
        resumed_on_request, parent_failed, parent_cancelled, parent_goes_on, reported_again, silent, gave_up, no_reason,
        worker_leaves, too_much_memory, too_long, no_inputs, no_outputs, input_deleted, nothing_imported, no_documents,
        nothing_left, for_evaluation, other_vocabulary, nothing_to_train_on, nothing_held_out, diverged,
        diverged_at, diverged_in_warmup, diverged_unclipped, diverged_by_rate, diverged_suddenly, diverged_checkpoint,
        diverged_no_checkpoint, averaged, preflight_passed, preflight_why, preflight_too_high, preflight_too_low,
        preflight_no_better, come_apart,
    }
    /// Placeholders: `{0}`, `{1}`, `{message}`.
    Refusals {
        invalid, upgrade, too_large, file_too_large, queue_full, worker_time_used, conflict, still_cancelling, has_succeeded,
        parent_failed, has_ended, not_publishable, no_rows, broken_dataset,
    }
    ImportRules {
        empty_file, empty_file_advice,
        binary, binary_advice,
        wrong_encoding, wrong_encoding_advice,
        unknown_format, unknown_format_advice,
        not_a_file, not_a_file_advice,
        broken_archive, broken_archive_advice,
        zip_bomb, zip_bomb_advice,
        unpacked_too_large, unpacked_too_large_advice,
        invalid_utf8, invalid_utf8_advice,
        invalid_encoding, invalid_encoding_advice,
        line_too_long, line_too_long_advice,
        invalid_json, invalid_json_advice,
        invalid_messages, invalid_messages_advice,
        no_text, no_text_advice,
    }
    /// A form that was left and found again, or copied.
    Kept { kept, start_over, typed_words, no_copy_title, no_copy_words }
    Insecure { title, words, what_to_do, localhost, tls, proxy, }
}
