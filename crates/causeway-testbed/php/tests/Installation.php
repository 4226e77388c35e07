<?php

/** A temporary WHMCS that speaks to entry.php. */
final class Installation
{
    /** @var string */
    public $folder;
    /** @var array the last whole answer */
    public $answer = [];

    public function __construct()
    {
        $this->folder = sys_get_temp_dir() . '/emulator-' . bin2hex(random_bytes(6));
        foreach (['modules/servers', 'modules/addons', 'includes/hooks', 'templates_c'] as $part) {
            mkdir("{$this->folder}/whmcs/$part", 0700, true);
        }
        $fixtures = dirname(__DIR__, 2) . '/tests/fixtures/modules';
        exec('cp -r ' . escapeshellarg("$fixtures/.") . ' ' . escapeshellarg("{$this->folder}/whmcs/modules/servers"));
        $this->play('setup', ['system_url' => 'https://billing.example/', 'whmcs_version' => '8.10.1-release.1']);
    }

    /** Plays a command that must end well; gives its result. */
    public function play(string $command, array $arguments = [])
    {
        $answer = $this->send($command, $arguments);
        same(true, $answer['ok'], "$command: " . json_encode($answer['error'] ?? null));

        return $answer['result'];
    }

    public function send(string $command, array $arguments = []): array
    {
        $process = proc_open([PHP_BINARY, dirname(__DIR__) . '/entry.php'], [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes, null, ['INSTALL_DIR' => $this->folder] + getenv());
        fwrite($pipes[0], json_encode(['command' => $command, 'arguments' => (object) $arguments]));
        fclose($pipes[0]);
        $output = stream_get_contents($pipes[1]);
        $errors = stream_get_contents($pipes[2]);
        proc_close($process);
        $answer = json_decode(substr($output, strrpos($output, "\n") + 1), true);
        if (!is_array($answer)) {
            throw new RuntimeException("$command did not answer in JSON: $output $errors");
        }
        same([], $answer['hook_errors'], "$command: hook errors");

        return $this->answer = $answer;
    }

    /** Makes every call that the last request left due. */
    public function makeDueCalls(): array
    {
        $results = [];
        foreach ($this->answer['due'] as $due) {
            $results[] = $this->play('module_call', $due);
        }

        return $results;
    }

    public function dueFunctions(): array
    {
        return array_column($this->answer['due'], 'function');
    }

    public function rows(string $sql): array
    {
        $pdo = new PDO("sqlite:{$this->folder}/whmcs.sqlite", null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);

        return $pdo->query($sql)->fetchAll(PDO::FETCH_ASSOC);
    }

    public function value(string $sql)
    {
        $row = $this->rows($sql)[0] ?? [null];

        return reset($row);
    }

    public function remove(): void
    {
        exec('rm -rf ' . escapeshellarg($this->folder));
    }
}

function same($expected, $actual, string $what): void
{
    if ($expected !== $actual) {
        throw new RuntimeException("$what: expected " . json_encode($expected) . ', got ' . json_encode($actual));
    }
}

function holds(string $needle, string $text, string $what): void
{
    if (strpos($text, $needle) === false) {
        throw new RuntimeException("$what: no \"$needle\" in: $text");
    }
}
