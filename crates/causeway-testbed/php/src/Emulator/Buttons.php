<?php

namespace Emulator;

use Throwable;
use WHMCS\Module\Server\CustomAction;
use WHMCS\Module\Server\CustomActionCollection;

/** What clients and staff can press on a service: single sign-on, custom buttons, custom actions. */
final class Buttons
{
    public static function singleSignOn(array $arguments): array
    {
        $subject = Subject::fromArguments($arguments);
        $function = Arguments::text($arguments, 'as', 'client') === 'admin' ? 'AdminSingleSignOn' : 'ServiceSingleSignOn';
        Request::current()->onExit([self::class, 'redirectAfterExit']);
        if (!Modules::has($subject->module(), $function)) {
            return ['success' => false, 'redirect_to' => null, 'error' => ModuleCall::NOT_SUPPORTED];
        }
        // Staff sign on to the server, from the list of servers: no service has a part in it.
        $params = $function === 'AdminSingleSignOn' ? Parameters::server((int) $subject->row()->server, $subject->module()) : Parameters::forSubject($subject, $function);
        try {
            $answer = Modules::call($subject->module(), $function, $function === 'AdminSingleSignOn' ? null : $subject, $params);
        } catch (Throwable $error) {
            $answer = ['success' => false, 'errorMsg' => $error->getMessage()];
        }

        return self::signOnResult($answer);
    }

    public static function redirectAfterExit(): array
    {
        foreach (headers_list() as $header) {
            if (stripos($header, 'Location:') === 0) {
                return ['success' => true, 'redirect_to' => trim(substr($header, 9)), 'error' => null];
            }
        }

        return ['success' => false, 'redirect_to' => null, 'error' => 'the module ended the request'];
    }

    private static function signOnResult($answer): array
    {
        $success = is_array($answer) && !empty($answer['success']);

        return [
            'success' => $success,
            'redirect_to' => $success ? ($answer['redirectTo'] ?? null) : null,
            'error' => $success ? null : (is_array($answer) ? (string) ($answer['errorMsg'] ?? '') : 'the module returned ' . gettype($answer)),
        ];
    }

    /** Custom functions: staff may press AdminCustomButtonArray's, clients ClientAreaCustomButtonArray's and ClientAreaAllowedFunctions'. */
    public static function press(array $arguments): array
    {
        $subject = Subject::fromArguments($arguments);
        $function = Arguments::text($arguments, 'function');
        $asAdmin = Arguments::text($arguments, 'as', 'client') === 'admin';
        $module = $subject->module();
        Request::current()->onExit(static function (string $printed): array {
            return ['success' => false, 'message' => 'the module ended the request', 'output' => $printed] + self::redirectAfterExit();
        });
        if (!in_array($function, self::allowed($subject, $asAdmin), true)) {
            return ['success' => false, 'message' => "the function $function is not offered to " . ($asAdmin ? 'staff' : 'clients')];
        }
        if (!Modules::has($module, $function)) {
            return ['success' => false, 'message' => ModuleCall::NOT_SUPPORTED];
        }
        $params = Parameters::forSubject($subject, $function);
        Hooks::run('PreModuleCustom', ['params' => $params]);
        try {
            $answer = Modules::call($module, $function, $subject, $params);
        } catch (Throwable $error) {
            $answer = $error->getMessage();
        }
        $html = null;
        if (is_array($answer) && !isset($answer['success']) && !isset($answer['jsonResponse'])) {
            $html = ClientPage::withAnswer($subject, $params, $answer);
            $message = 'success';
        } else {
            $message = is_array($answer) ? (!empty($answer['success']) ? 'success' : (string) ($answer['errorMsg'] ?? json_encode($answer))) : (string) $answer;
        }
        $address = null;
        if ($asAdmin && preg_match('/^(?:window|redirect)\|(.*)$/s', $message, $match)) {
            $address = $match[1];
            $message = 'success';
        }
        Hooks::run($message === 'success' ? 'AfterModuleCustom' : 'AfterModuleCustomFailed', ['params' => $params] + ($message === 'success' ? [] : ['failureResponseMessage' => $message]));
        $result = ['success' => $message === 'success', 'message' => $message];

        return $result + ($html === null ? [] : ['html' => $html]) + ($address === null ? [] : ['redirect_to' => $address]);
    }

    private static function allowed(Subject $subject, bool $asAdmin): array
    {
        $allowed = [];
        foreach ($asAdmin ? ['AdminCustomButtonArray'] : ['ClientAreaCustomButtonArray', 'ClientAreaAllowedFunctions'] as $list) {
            $allowed = array_merge($allowed, array_values(self::offered($subject, $list)));
        }

        return array_values(array_filter($allowed, 'is_string'));
    }

    /** A list of buttons, as one of the module's functions gives it; nothing when it fails. */
    public static function offered(Subject $subject, string $list): array
    {
        if (!Modules::has($subject->module(), $list)) {
            return [];
        }
        try {
            $offered = Modules::call($subject->module(), $list, $subject, Parameters::forSubject($subject, $list));
        } catch (Throwable $error) {
            return [];
        }

        return is_array($offered) ? $offered : [];
    }

    public static function forClient(array $arguments): array
    {
        $subject = Subject::fromArguments($arguments);

        return ['buttons' => (object) self::offered($subject, 'ClientAreaCustomButtonArray'), 'functions' => self::allowed($subject, false)];
    }

    public static function customActions(array $arguments): array
    {
        $subject = Subject::fromArguments($arguments);
        $shown = [];
        foreach (self::collection($subject) as $action) {
            $described = $action->toArray();
            if (($arguments['invoke'] ?? '') === $described['identifier']) {
                $described['answer'] = self::invoke($subject, $action);
            }
            $shown[] = $described;
        }

        return ['actions' => $shown];
    }

    /** @return array[] those that are shown: identifier, display, permissions, active */
    public static function actionsOf(Subject $subject): array
    {
        $shown = [];
        foreach (self::collection($subject) as $action) {
            if ($action->isActive()) {
                $shown[] = $action->toArray();
            }
        }

        return $shown;
    }

    /** @return iterable|CustomAction[] nothing when the module fails, or gives something else */
    private static function collection(Subject $subject): iterable
    {
        if ($subject->module() === '' || !Modules::has($subject->module(), 'CustomActions')) {
            return [];
        }
        try {
            $collection = Modules::call($subject->module(), 'CustomActions', $subject, Parameters::forSubject($subject, 'CustomActions'));
        } catch (Throwable $error) {
            return [];
        }

        return $collection instanceof CustomActionCollection ? $collection : [];
    }

    private static function invoke(Subject $subject, CustomAction $action): array
    {
        Request::current()->onExit([self::class, 'redirectAfterExit']);
        try {
            $answer = Recorder::call($subject->module(), 'custom action ' . $action->getIdentifier(), $subject, [$action, 'invokeCallable']);
        } catch (Throwable $error) {
            $answer = ['success' => false, 'errorMsg' => $error->getMessage()];
        }

        return self::signOnResult($answer);
    }
}
