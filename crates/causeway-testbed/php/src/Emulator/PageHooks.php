<?php

namespace Emulator;

/** The hooks that may change any page: its variables, and what stands in its head, below its top and at its foot. */
final class PageHooks
{
    /** @return array the page's variables, after ClientAreaPage and the page's own hook */
    public static function variables(string $page, array $variables): array
    {
        foreach (['ClientAreaPage', "ClientAreaPage$page"] as $hook) {
            foreach (Hooks::run($hook, $variables) as $answer) {
                $variables = is_array($answer) ? $answer + $variables : $variables;
            }
        }

        return $variables;
    }

    /** What the functions of a hook gave, one below the other. */
    public static function output(string $hook, array $variables): string
    {
        return implode("\n", array_filter(Hooks::run($hook, $variables), 'is_string'));
    }

    /** @return array{0: string, 1: string} what stands before and after a page of the staff's */
    public static function aroundStaffsPage(): array
    {
        $variables = ['filename' => WebPage::name(), 'pagetemplate' => WebPage::name(), 'adminid' => 1, 'admin_username' => 'admin', 'template' => 'blend'];
        foreach (Hooks::run('AdminAreaPage', $variables) as $answer) {
            $variables = is_array($answer) ? $answer + $variables : $variables;
        }

        return [
            self::output('AdminAreaHeadOutput', $variables) . self::output('AdminAreaHeaderOutput', $variables),
            self::output('AdminAreaFooterOutput', $variables),
        ];
    }
}
