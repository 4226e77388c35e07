<?php

namespace Emulator;

use Throwable;

/** One command from its arrival to its answer, whatever the module does in between. */
final class Request
{
    /** @var string */
    public $command;
    /** @var array */
    public $arguments;
    /** @var Request|null */
    private static $current;
    /** @var callable|null what to answer when a module ends the request with exit */
    private $resultAfterExit;
    /** @var array|null */
    private $outcome;

    private function __construct(string $command, array $arguments)
    {
        $this->command = $command;
        $this->arguments = $arguments;
    }

    public static function receive(): self
    {
        $body = PHP_SAPI === 'cli' ? stream_get_contents(STDIN) : file_get_contents('php://input');
        $decoded = json_decode((string) $body, true);
        $valid = is_array($decoded) && is_string($decoded['command'] ?? null);

        return self::$current = new self(
            $valid ? $decoded['command'] : '',
            $valid ? (array) ($decoded['arguments'] ?? []) : []
        );
    }

    public static function current(): self
    {
        return self::$current;
    }

    /** When a module ends the request, $result makes the answer; it is handed what the module had printed. */
    public function onExit(?callable $result): void
    {
        $this->resultAfterExit = $result;
    }

    public function play(): void
    {
        ob_start();
        ini_set('display_errors', '0');
        set_error_handler([Recorder::class, 'onWarning']);
        register_shutdown_function([$this, 'answer']);
        try {
            Environment::prepare($this);
            $this->outcome = ['ok' => true, 'result' => Commands::run($this->command, $this->arguments)];
        } catch (UsageError $error) {
            $this->fail('usage', $error);
        } catch (Throwable $error) {
            Missing::reportThrowable($error);
            $this->fail('internal', $error);
        }
    }

    private function fail(string $kind, Throwable $error): void
    {
        $this->outcome = ['ok' => false, 'error' => [
            'kind' => $kind,
            'message' => $error->getMessage(),
            'where' => $error->getFile() . ':' . $error->getLine(),
        ]];
    }

    /** Runs at shutdown: after a normal end, an exit and a fatal error alike. */
    public function answer(): void
    {
        $printed = Recorder::closeOpenCalls();
        while (ob_get_level() > 0 && @ob_end_clean()) {
            continue;
        }
        if ($this->outcome === null) {
            $this->outcome = $this->outcomeAfterExit($printed);
        }
        $left = Recorder::leftOutsideCalls();
        $decisive = Missing::decisive();
        if ($decisive !== []) {
            $this->outcome = ['ok' => false, 'error' => [
                'kind' => 'missing_in_emulator',
                'message' => implode('; ', array_unique(array_map([Missing::class, 'describe'], $decisive))),
                'where' => "{$decisive[0]['file']}:{$decisive[0]['line']}",
            ]];
        }
        $answer = $this->outcome + [
            'calls' => Recorder::calls(),
            'due' => Due::all(),
            'warnings' => Recorder::warningsOutsideCalls(),
            'hook_errors' => Hooks::errors(),
            'hooks' => Hooks::runs(),
            'missing' => Missing::all(),
            'left_behind' => $left,
        ];
        if (PHP_SAPI !== 'cli' && !headers_sent()) {
            header_remove();
            http_response_code(200);
            header('Content-Type: application/json');
        }
        $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_PARTIAL_OUTPUT_ON_ERROR;
        // The answer stands on the last line, alone: a module may have closed the output buffers and printed before it.
        echo "\n", json_encode($answer, $flags);
    }

    private function outcomeAfterExit(string $printed): array
    {
        $fatal = error_get_last();
        $isFatal = $fatal !== null && in_array($fatal['type'], [E_ERROR, E_PARSE, E_CORE_ERROR, E_COMPILE_ERROR, E_USER_ERROR], true);
        if (!Recorder::hasCalls() && $isFatal) {
            return ['ok' => false, 'error' => [
                'kind' => 'internal',
                'message' => $fatal['message'],
                'where' => $fatal['file'] . ':' . $fatal['line'],
            ]];
        }
        try {
            $result = $this->resultAfterExit === null ? null : ($this->resultAfterExit)($printed);
        } catch (Throwable $error) {
            $result = null;
        }

        return ['ok' => true, 'result' => $result];
    }
}
