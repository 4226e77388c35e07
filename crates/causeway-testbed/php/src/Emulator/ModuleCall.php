<?php

namespace Emulator;

use Throwable;

/** One call of a lifecycle function, with all that WHMCS does around it. */
final class ModuleCall
{
    /** function => the name in its hooks */
    const HOOK_NAMES = [
        'CreateAccount' => 'Create', 'SuspendAccount' => 'Suspend', 'UnsuspendAccount' => 'Unsuspend', 'TerminateAccount' => 'Terminate',
        'Renew' => 'Renew', 'ChangePackage' => 'ChangePackage', 'ChangePassword' => 'ChangePassword',
    ];
    const NOT_SUPPORTED = 'Function Not Supported by Module';

    /** @var Subject */
    private $subject;
    /** @var string */
    private $function;
    /** @var string */
    private $reason;
    /** @var array */
    private $extraParams;

    private function __construct(Subject $subject, string $function, string $reason, array $extraParams)
    {
        $this->subject = $subject;
        $this->function = $function;
        $this->reason = $reason;
        $this->extraParams = $extraParams;
    }

    public static function playByCommand(array $arguments): array
    {
        $subject = Subject::fromArguments($arguments);
        Request::current()->onExit(static function () use ($subject): array {
            $subject->refresh();
            return ['success' => false, 'message' => 'the module ended the request', 'status' => $subject->status()];
        });

        return self::play(
            $subject,
            Arguments::text($arguments, 'function'),
            Arguments::text($arguments, 'reason', ''),
            (array) ($arguments['extra_params'] ?? [])
        );
    }

    /** The client asks for a new password: it is stored once the module has accepted it. */
    public static function owePasswordChange(array $arguments): array
    {
        $subject = Subject::fromArguments($arguments);
        Due::add($subject, 'ChangePassword', 'client asked for a new password');

        return ['extra_params' => ['password' => Arguments::text($arguments, 'password')]];
    }

    /** @return array{success: bool, message: string, status: string} */
    public static function play(Subject $subject, string $function, string $reason = '', array $extraParams = []): array
    {
        if ($subject->module() === '') {
            throw new UsageError("the product of service {$subject->serviceId()} has no module");
        }
        $message = (new self($subject, $function, $reason, $extraParams))->run();
        $subject->refresh();

        return ['success' => $message === 'success', 'message' => $message, 'status' => $subject->status()];
    }

    private function run(): string
    {
        $module = $this->subject->module();
        if (!Modules::has($module, $this->function)) {
            // Automation passes over what a module does not do; staff who press the button are told.
            return $this->function === 'Renew' || $this->function === 'ChangePackage' ? $this->passOver() : self::NOT_SUPPORTED;
        }
        $this->prepareService();
        $params = $this->extraParams + Parameters::forSubject($this->subject, $this->function);
        $oldPassword = Secrets::decrypt((string) $this->subject->service->password);
        $hook = self::HOOK_NAMES[$this->function] ?? 'Custom';
        if ($this->isAborted(Hooks::run("PreModule$hook", ['params' => $params]))) {
            return 'Function Aborted by Action Hook Code';
        }
        $message = $this->call($module, $params);
        if ($message === 'success') {
            $this->succeeded($hook, $params, $oldPassword);
        } else {
            $this->failed($hook, $params, $message);
        }

        return $message;
    }

    private function passOver(): string
    {
        if ($this->function === 'ChangePackage') {
            Upgrades::runHooksAfterChangePackage($this->subject);
        }

        return 'success';
    }

    /** What WHMCS fills in before it calls: a name and a password on first creation, the reason of a suspension. */
    private function prepareService(): void
    {
        if ($this->function === 'CreateAccount' && !$this->subject->isAddon()) {
            $service = $this->subject->service;
            $new = [];
            if ($service->username === '' && $service->domain !== '') {
                $new['username'] = $this->username();
            }
            if (Secrets::decrypt((string) $service->password) === '') {
                $new['password'] = Secrets::encrypt(Secrets::password());
            }
            if ((int) $service->server === 0) {
                $new['server'] = Catalogue::serverOfGroup((int) $this->subject->product->servergroup);
            }
            if ($new !== []) {
                $this->subject->update($new);
            }
        }
        if ($this->function === 'SuspendAccount' && !isset($this->extraParams['suspendreason'])) {
            $this->extraParams['suspendreason'] = $this->reason === '' ? Automation::OVERDUE : $this->reason;
        }
    }

    private function username(): string
    {
        foreach (Hooks::run('OverrideModuleUsernameGeneration', ['params' => Parameters::forSubject($this->subject, $this->function)]) as $name) {
            if (is_string($name) && $name !== '') {
                return $name;
            }
        }

        return self::usernameFor((string) $this->subject->service->domain);
    }

    public static function usernameFor(string $domain): string
    {
        return substr(strtolower(preg_replace('/[^A-Za-z0-9]/', '', $domain)), 0, 8);
    }

    private function isAborted(array $answers): bool
    {
        foreach ($answers as $answer) {
            if (is_array($answer) && !empty($answer['abortcmd'])) {
                return true;
            }
        }

        return false;
    }

    /** The function's answer as WHMCS understands it: 'success', or what staff read. */
    private function call(string $module, array $params): string
    {
        try {
            $answer = Modules::call($module, $this->function, $this->subject, $params);
        } catch (Throwable $error) {
            return $error->getMessage() === '' ? get_class($error) : $error->getMessage();
        }
        if (is_array($answer)) {
            $isCustom = !isset(self::HOOK_NAMES[$this->function]);
            if ($isCustom && !empty($answer['success'])) {
                return 'success';
            }
            $answer = $answer['error'] ?? $answer['errorMsg'] ?? $answer['message'] ?? json_encode(Recorder::describe($answer), JSON_INVALID_UTF8_SUBSTITUTE);
        }
        if ((is_string($answer) && $answer !== '') || is_int($answer) || is_float($answer)) {
            return (string) $answer;
        }

        return 'the module returned ' . gettype($answer) . ', neither "success" nor an error text';
    }

    private function succeeded(string $hook, array $params, string $oldPassword): void
    {
        $this->subject->refresh();
        Queue::settle($this->subject, $this->function);
        $this->applyStatus();
        if ($this->function === 'ChangePassword') {
            $this->storePassword((string) $params['password']);
            $vars = ['serviceid' => $this->subject->serviceId(), 'oldpassword' => $oldPassword, 'newpassword' => $params['password']];
        } else {
            $vars = ['params' => $params];
        }
        Logs::activity("Module {$this->nameInLog()} Successful - {$this->subject->describe()}", (int) $this->subject->service->userid);
        if ($hook !== 'Renew') {
            Hooks::run("AfterModule$hook", $vars);
        }
        if ($this->function === 'CreateAccount') {
            Emails::sendWelcome($this->subject);
        }
        $this->runHooksOfAddon();
        if ($this->function === 'ChangePackage') {
            Upgrades::runHooksAfterChangePackage($this->subject);
        }
    }

    /** What else happens to a purchased addon has names of its own. */
    private function runHooksOfAddon(): void
    {
        if (!$this->subject->isAddon()) {
            return;
        }
        $vars = ['id' => $this->subject->addonId(), 'userid' => (int) $this->subject->service->userid, 'serviceid' => $this->subject->serviceId(), 'addonid' => (int) $this->subject->product->id];
        $ends = ['TerminateAccount' => $this->subject->status() === 'Cancelled' ? 'AddonCancelled' : 'AddonTerminated'];
        $hook = ($ends + ['CreateAccount' => 'AddonActivation', 'SuspendAccount' => 'AddonSuspended', 'UnsuspendAccount' => 'AddonUnsuspended', 'Renew' => 'AddonRenewal'])[$this->function] ?? null;
        if ($hook !== null) {
            Hooks::run($hook, $vars + ($hook === 'AddonActivation' ? ['clientid' => $vars['userid']] : []));
        }
    }

    private function failed(string $hook, array $params, string $message): void
    {
        Logs::activity("Module {$this->nameInLog()} Failed - {$this->subject->describe()} - Error: $message", (int) $this->subject->service->userid);
        if (isset(self::HOOK_NAMES[$this->function])) {
            Queue::add($this->subject, $this->function, $message);
        }
        Hooks::run("AfterModule{$hook}Failed", ['params' => $params, 'failureResponseMessage' => $message]);
    }

    private function nameInLog(): string
    {
        return preg_replace('/(?<!^)(?=[A-Z])/', ' ', self::HOOK_NAMES[$this->function] ?? $this->function);
    }

    private function applyStatus(): void
    {
        if ($this->function === 'CreateAccount') {
            $this->subject->setStatus('Active');
            $this->subject->update(['termination_date' => '0000-00-00']);
        } elseif ($this->function === 'SuspendAccount') {
            $this->subject->setStatus('Suspended');
            $this->rememberSuspension((string) $this->extraParams['suspendreason']);
        } elseif ($this->function === 'UnsuspendAccount') {
            $this->subject->setStatus('Active');
            $this->rememberSuspension('');
        } elseif ($this->function === 'TerminateAccount') {
            $this->subject->setStatus(Cancellations::isRequested($this->subject) ? 'Cancelled' : 'Terminated');
            $this->subject->update(['termination_date' => Clock::today()]);
            Invoices::cancelFor($this->subject);
        }
    }

    private function rememberSuspension(string $reason): void
    {
        if (!$this->subject->isAddon()) {
            $this->subject->update(['suspendreason' => $reason]);
        }
    }

    private function storePassword(string $password): void
    {
        if ($this->subject->isAddon()) {
            $this->subject->model()->serviceProperties->save(['Password' => $password]);
        } else {
            $this->subject->update(['password' => Secrets::encrypt($password)]);
        }
    }
}
