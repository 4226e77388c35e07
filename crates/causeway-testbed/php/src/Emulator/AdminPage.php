<?php

namespace Emulator;

use Throwable;

/** The staff's service page. */
final class AdminPage
{
    public static function show(array $arguments): array
    {
        $subject = Subject::fromArguments($arguments);
        Request::current()->onExit(static function (string $printed): array {
            return ['html' => $printed, 'fields' => [], 'buttons' => [], 'service_properties' => []];
        });
        $module = $subject->module();
        $_REQUEST += ['userid' => (string) $subject->service->userid];
        $_GET += ['userid' => (string) $subject->service->userid];
        $params = Parameters::forSubject($subject, 'AdminServicesTabFields');
        [$head, $foot] = PageHooks::aroundStaffsPage();
        $fields = self::ask($module, 'AdminServicesTabFields', $subject, $params);
        $buttons = self::ask($module, 'AdminCustomButtonArray', $subject, $params);
        $html = $head;
        foreach ($fields as $label => $field) {
            $html .= "<tr><td>$label</td><td>$field</td></tr>\n";
        }
        foreach ($buttons as $label => $function) {
            $html .= "<button name=\"$function\">$label</button>\n";
        }
        foreach (Hooks::run('AdminClientServicesTabFields', ['id' => $subject->serviceId()]) as $answer) {
            $fields += is_array($answer) ? $answer : [];
        }

        return ['html' => $html . $foot, 'fields' => (object) $fields, 'buttons' => (object) $buttons, 'service_properties' => (object) CustomFields::forModule($subject)];
    }

    /** Staff press Save: the form's fields arrive in $_REQUEST. Without any, nobody has changed them, and they arrive as they stand on the page. */
    public static function save(array $arguments): array
    {
        $subject = Subject::fromArguments($arguments);
        $module = $subject->module();
        if (!isset($arguments['post'])) {
            $fields = self::ask($module, 'AdminServicesTabFields', $subject, Parameters::forSubject($subject, 'AdminServicesTabFields'));
            $_POST = FormFields::of(implode('', array_filter($fields, 'is_string')));
            $_REQUEST = $_POST + $_REQUEST;
        }
        Hooks::run('PreAdminServiceEdit', ['serviceid' => $subject->serviceId()]);
        Hooks::run('PreServiceEdit', ['serviceid' => $subject->serviceId()]);
        if (Modules::has($module, 'AdminServicesTabFieldsSave')) {
            Modules::call($module, 'AdminServicesTabFieldsSave', $subject, Parameters::forSubject($subject, 'AdminServicesTabFieldsSave'));
        }
        $edited = ['userid' => (int) $subject->service->userid, 'serviceid' => $subject->serviceId()];
        Hooks::run('AdminClientServicesTabFieldsSave', $_REQUEST);
        Hooks::run('AdminServiceEdit', $edited);
        Hooks::run('ServiceEdit', $edited);

        return [];
    }

    private static function ask(string $module, string $function, Subject $subject, array $params): array
    {
        if (!Modules::has($module, $function)) {
            return [];
        }
        try {
            $answer = Modules::call($module, $function, $subject, $params);
        } catch (Throwable $error) {
            return ['Error' => $error->getMessage()];
        }

        return is_array($answer) ? $answer : [];
    }
}
