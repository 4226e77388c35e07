<?php

namespace Emulator;

use Throwable;
use WHMCS\Config\Setting;
use WHMCS\View\Menu\Item;

/** Hook points: who listens, and in which order. */
final class Hooks
{
    /** @var array<string, array[]> */
    private static $listeners = [];
    /** @var string[] */
    private static $errors = [];
    /** @var array<string, true> modules whose hooks.php is loaded */
    private static $loaded = [];
    /** @var array[] the hook points that were reached, in their order */
    private static $runs = [];

    /** includes/hooks/*.php, then hooks.php of each active module. */
    public static function loadFiles(): void
    {
        foreach (glob(ROOTDIR . '/includes/hooks/*.php') as $file) {
            Recorder::includeFile('includes/hooks', $file);
        }
        self::loadFilesOfModules();
    }

    /** Those that are active now; a module may have made itself active while its file was loaded. */
    public static function loadFilesOfModules(): void
    {
        foreach (array_filter(explode(',', (string) Setting::getValue('ModuleHooks'))) as $module) {
            $file = Modules::folder($module) . '/hooks.php';
            if (is_file($file) && !isset(self::$loaded[$module])) {
                self::$loaded[$module] = true;
                Recorder::includeFile($module, $file);
            }
        }
    }

    public static function add(string $name, int $priority, $listener): void
    {
        self::$listeners[$name][] = ['priority' => $priority, 'order' => count(self::$listeners[$name] ?? []), 'call' => $listener];
    }

    /** Calls the listeners, smallest priority first; gives what they returned, without the nulls. Menu hooks get the menu itself. */
    public static function run(string $name, array $vars): array
    {
        $listeners = self::$listeners[$name] ?? [];
        usort($listeners, static function (array $one, array $other): int {
            return [$one['priority'], $one['order']] <=> [$other['priority'], $other['order']];
        });
        $answers = [];
        $run = count(self::$runs);
        self::$runs[] = ['name' => $name, 'listeners' => count($listeners), 'calls_before' => count(Recorder::calls()), 'payload' => self::namesOf($vars), 'answers' => [], 'threw' => []];
        foreach ($listeners as $listener) {
            try {
                $answer = ($vars[0] ?? null) instanceof Item ? call_user_func($listener['call'], $vars[0]) : call_user_func($listener['call'], $vars);
                if ($answer !== null) {
                    $answers[] = $answer;
                    self::$runs[$run]['answers'][] = Recorder::describe($answer);
                }
            } catch (Throwable $error) {
                Missing::reportThrowable($error);
                self::$runs[$run]['threw'][] = Recorder::thrown($error);
                $text = "$name: " . get_class($error) . ': ' . $error->getMessage() . ' in ' . $error->getFile() . ':' . $error->getLine();
                self::$errors[] = $text;
                Logs::activity("Hook Error - $text");
            }
        }

        return $answers;
    }

    /** For a point that is passed too often to be told of each time. */
    public static function runUnlessNobodyListens(string $name, array $vars): void
    {
        if (isset(self::$listeners[$name])) {
            self::run($name, $vars);
        }
    }

    public static function runByCommand(array $arguments): array
    {
        return ['results' => Recorder::describe(self::run(Arguments::text($arguments, 'name'), (array) ($arguments['vars'] ?? [])))];
    }

    /** A menu hook's payload is the menu alone. */
    private static function namesOf(array $vars): array
    {
        return ($vars[0] ?? null) instanceof Item ? [] : array_map('strval', array_keys($vars));
    }

    public static function runs(): array
    {
        return self::$runs;
    }

    public static function errors(): array
    {
        return self::$errors;
    }
}
