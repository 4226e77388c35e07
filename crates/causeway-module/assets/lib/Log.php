<?php

namespace WHMCS\Module\Server\__NAME__;

/** WHMCS's Module Log, without secrets: they are taken out here, and WHMCS is told to mask whatever is left of them. */
final class Log
{
    const MASK = '***';

    /** @var string[] */
    private $secrets;

    public function __construct(array $secrets)
    {
        $this->secrets = self::inEveryForm($secrets);
    }

    /** @param mixed $answer */
    public function write(string $action, array $request, string $status, $answer): void
    {
        logModuleCall(
            Settings::NAME,
            $action,
            self::masked($request),
            $status,
            is_array($answer) ? self::masked($answer) : $answer,
            array_values(array_unique(array_merge($this->secrets, self::inEveryForm(self::kept($answer)))))
        );
    }

    /** Secret properties that the answer brings: what it shows to the customer may say them a second time. @param mixed $answer */
    private static function kept($answer): array
    {
        $secrets = [];
        foreach (is_array($answer) ? $answer : [] as $name => $value) {
            if (is_array($value)) {
                $secrets = array_merge($secrets, self::kept($value));
            } elseif (in_array($name, Settings::SECRETS, true)) {
                $secrets[] = Service::text($value);
            }
        }
        return $secrets;
    }

    private static function inEveryForm(array $secrets): array
    {
        $secrets = array_filter($secrets, function ($secret) {
            return is_string($secret) && $secret !== '';
        });
        foreach ($secrets as $secret) {
            $secrets[] = trim((string) json_encode($secret, JSON_INVALID_UTF8_SUBSTITUTE), '"');
        }
        return array_values(array_unique($secrets));
    }

    private static function masked(array $values): array
    {
        foreach ($values as $name => $value) {
            if (self::isSecret((string) $name) && $value !== null && $value !== '') {
                $values[$name] = self::MASK;
            } elseif (is_array($value) || is_object($value)) {
                $values[$name] = self::masked((array) $value);
            }
        }
        return $values;
    }

    /** `redirect` logs the customer in; the customer's own fields are judged by their names. */
    private static function isSecret(string $name): bool
    {
        return $name === 'redirect'
            || in_array($name, Settings::SECRETS, true)
            || preg_match('/passw|secret|token|credential|api.?key/i', $name) === 1;
    }
}
