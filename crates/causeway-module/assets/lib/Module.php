<?php

namespace WHMCS\Module\Server\__NAME__;

/** What WHMCS's functions do. Nothing is ever thrown into WHMCS: each one ends with an answer that staff can read. */
final class Module
{
    public static function metaData(): array
    {
        $metaData = ['DisplayName' => Settings::TITLE, 'APIVersion' => '1.1', 'RequiresServer' => true];
        if (Settings::SIGN_ON) {
            $metaData['ServiceSingleSignOnLabel'] = 'Log in to ' . Settings::TITLE;
        }
        return $metaData;
    }

    /** 'success', or one line for staff. */
    public static function operate(string $operation, array $params): string
    {
        try {
            $service = new Service($params);
            $answer = Gateway::of($params)->operate($service->request($operation), $service->secrets());
            return self::settle($service, $answer);
        } catch (\Throwable $error) {
            return self::line($error->getMessage());
        }
    }

    /** Saves what an answer brings and says what WHMCS should believe. */
    public static function settle(Service $service, array $answer): string
    {
        $answer += ['status' => '', 'message' => '', 'operation_id' => ''];
        try {
            $service->save($answer);
        } catch (GatewayError $error) {
            if ($answer['status'] === 'succeeded') {
                throw $error;
            }
        }
        if ($answer['status'] === 'succeeded') {
            return 'success';
        }
        if ($answer['status'] === 'pending') {
            return Settings::TITLE . ' is still working on this (operation ' . Service::text($answer['operation_id'])
                . '). It finishes by itself; this page is brought up to date by the next cron run.';
        }
        return self::reason($answer);
    }

    public static function testConnection(array $params): array
    {
        try {
            $gateway = Gateway::of($params);
            if (!Settings::TEST_CONNECTION) {
                $gateway->owed();
                return ['success' => true, 'error' => ''];
            }
            $secrets = [$params['serverpassword'] ?? '', $params['serveraccesshash'] ?? ''];
            $answer = $gateway->operate([
                'definition' => Settings::NAME,
                'operation' => 'test_connection',
                'deadline_ms' => 18000,
                'caller' => Service::caller($params),
            ], $secrets);
            $success = ($answer['status'] ?? '') === 'succeeded';
            return ['success' => $success, 'error' => $success ? '' : self::reason($answer)];
        } catch (\Throwable $error) {
            return ['success' => false, 'error' => self::line($error->getMessage())];
        }
    }

    public static function singleSignOn(array $params): array
    {
        try {
            $service = new Service($params);
            $answer = Gateway::of($params)->operate($service->request('single_sign_on'), $service->secrets());
            $address = self::webAddress($answer['redirect'] ?? null);
            if (($answer['status'] ?? '') === 'succeeded' && $address !== '') {
                return ['success' => true, 'redirectTo' => $address];
            }
            return ['success' => false, 'errorMsg' => self::reason($answer)];
        } catch (\Throwable $error) {
            return ['success' => false, 'errorMsg' => self::line($error->getMessage())];
        }
    }

    /** The customer's page; without the gateway it shows what WHMCS has saved. */
    public static function clientArea(array $params): array
    {
        $page = ['items' => [], 'dashboard' => '', 'notice' => '', 'sign_on' => '', 'texts' => self::texts($params)];
        try {
            $service = new Service($params);
            $known = self::known($service, $params);
            $page['items'] = self::items($service, $known);
            $page['dashboard'] = self::webAddress($known['view']['dashboard'] ?? null);
            if (($known['last_operation']['status'] ?? '') === 'pending') {
                $page['notice'] = 'working';
            } elseif (($known['status'] ?? '') === 'suspended') {
                $page['notice'] = 'suspended';
            }
            if (Settings::SIGN_ON && !$service->isAddon() && ($known['status'] ?? '') === 'active') {
                $page['sign_on'] = 'clientarea.php?action=productdetails&id=' . (int) ($params['serviceid'] ?? 0) . '&dosinglesignon=1';
            }
        } catch (\Throwable $error) {
            logActivity(Settings::TITLE . ': the product page could not be filled: ' . self::line($error->getMessage()));
        }
        return ['tabOverviewModuleOutputTemplate' => 'templates/clientarea.tpl', 'templateVariables' => ['causeway' => $page]];
    }

    /** What staff see on the service's page. */
    public static function adminServicesTabFields(array $params): array
    {
        $fields = [];
        try {
            $service = new Service($params);
            $known = Gateway::of($params)->service($service->reference());
            $properties = $known['properties'] ?? $service->properties();
            foreach ($properties as $name => $value) {
                $value = Service::text($value);
                $secret = in_array($name, Settings::SECRETS, true) && $value !== '';
                $fields[self::html(Settings::PROPERTIES[$name] ?? $name)] = self::html($secret ? Log::MASK : $value);
            }
            $fields['State at the vendor'] = self::html($known['status'] ?? 'nothing is known of this service yet');
            $last = $known['last_operation'] ?? null;
            if (is_array($last)) {
                $said = Service::text($last['operation'] ?? '') . ': ' . Service::text($last['status'] ?? '') . ', '
                    . Service::text($last['ended_at'] ?? $last['accepted_at'] ?? '') . ' ' . Service::text($last['message'] ?? '');
                $fields['Last operation'] = self::html(rtrim($said, ', '));
            }
        } catch (\Throwable $error) {
            $fields['Causeway gateway'] = self::html($error->getMessage());
        }
        return $fields;
    }

    private static function known(Service $service, array $params): array
    {
        try {
            return Gateway::of($params)->service($service->reference()) ?? [];
        } catch (GatewayError $error) {
            return [];
        }
    }

    private static function items(Service $service, array $known): array
    {
        $items = [];
        foreach ($known['view']['items'] ?? [] as $item) {
            $items[] = ['label' => Service::text($item['label'] ?? ''), 'value' => Service::text($item['value'] ?? ''), 'copy' => !empty($item['copy'])];
        }
        if ($known === []) {
            $saved = $service->properties();
            foreach (Settings::SHOWN as $shown) {
                $items[] = ['label' => $shown['label'], 'value' => $saved[$shown['property']] ?? '', 'copy' => $shown['copy']];
            }
        }
        return array_values(array_filter($items, function (array $item) {
            return $item['value'] !== '';
        }));
    }

    /** The page's texts: English, and over it the customer's language where lang/ has it. */
    private static function texts(array $params): array
    {
        $texts = require __DIR__ . '/../lang/english.php';
        $language = Service::text($_SESSION['Language'] ?? $params['clientsdetails']['language'] ?? '');
        $file = __DIR__ . '/../lang/' . $language . '.php';
        if (preg_match('/^[a-z][a-z_-]*$/', $language) === 1 && is_file($file)) {
            $translated = require $file;
            $texts = (is_array($translated) ? $translated : []) + $texts;
        }
        return $texts;
    }

    private static function reason(array $answer): string
    {
        $message = self::line(Service::text($answer['message'] ?? ''));
        return $message !== '' ? $message : Settings::TITLE . ' could not do this and gave no reason. The Module Log has the answer.';
    }

    /** One line for staff. WHMCS versions differ in whether they escape it, so it holds nothing that a browser would run. */
    public static function line(string $text): string
    {
        $text = strtr($text, ['<' => '‹', '>' => '›']);
        $line = trim((string) preg_replace('/\s+/', ' ', $text));
        return mb_strlen($line, 'UTF-8') > 1000 ? mb_substr($line, 0, 999, 'UTF-8') . '…' : $line;
    }

    /** @param mixed $address */
    private static function webAddress($address): string
    {
        return is_string($address) && preg_match('~^https?://[^\s\x00-\x1f\x7f]+$~iD', $address) === 1 ? $address : '';
    }

    /** @param mixed $value */
    private static function html($value): string
    {
        return htmlspecialchars(Service::text($value), ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
