<?php

namespace Emulator;

use Throwable;
use WHMCS\Config\Setting;
use WHMCS\View\Menu\Item;

/** The client's product-details page with the module's output in it. */
final class ClientPage
{
    /** @var array|null label => function */
    private static $buttons;

    public static function show(array $arguments): array
    {
        $subject = Subject::fromArguments($arguments);
        Request::current()->onExit(static function (string $printed): array {
            return ['html' => $printed];
        });
        if ($subject->module() === '') {
            return ['html' => self::page($subject, [], '', '')];
        }
        $module = $subject->module();
        Hooks::run('ClientAreaProductDetails', ['service' => $subject->isAddon() ? null : $subject->model()]);
        $params = Parameters::forSubject($subject, 'ClientArea');
        $answer = null;
        $error = '';
        if (Modules::has($module, 'ClientArea')) {
            try {
                $answer = Modules::call($module, 'ClientArea', $subject, $params);
            } catch (Throwable $thrown) {
                $error = $thrown->getMessage();
            }
        }
        try {
            $html = self::withAnswer($subject, $params, $error === '' ? $answer : '');
        } catch (UsageError $unrendered) {
            $html = self::withAnswer($subject, $params, '');
            $error = $unrendered->getMessage();
        }

        return $error === '' ? ['html' => $html] : ['html' => $html, 'error' => $error];
    }

    /** Puts the page together around what ClientArea, or a custom function, answered. */
    public static function withAnswer(Subject $subject, array $params, $answer, string $buttonResult = ''): string
    {
        $module = $subject->module();
        $output = is_string($answer) ? $answer : '';
        $replacement = '';
        $page = [];
        if (is_array($answer)) {
            $variables = (array) ($answer['vars'] ?? $answer['templateVariables'] ?? []);
            $page = ['displayTitle' => $answer['overrideDisplayTitle'] ?? $subject->productName()] + $variables;
            if (isset($answer['tabOverviewReplacementTemplate'])) {
                $replacement = self::template($module, (string) $answer['tabOverviewReplacementTemplate'], $subject, $params, $variables);
            }
            $below = $answer['tabOverviewModuleOutputTemplate'] ?? $answer['templatefile'] ?? null;
            if ($below !== null) {
                $output = self::template($module, (string) $below, $subject, $params, $variables);
            }
        } elseif ($answer === null && Templates::findInModule($module, 'clientarea') !== null) {
            $output = self::template($module, 'clientarea', $subject, $params, []);
        }

        return self::page($subject, $page + ['modulecustombuttonresult' => $buttonResult], $output, $replacement);
    }

    private static function template(string $module, string $name, Subject $subject, array $params, array $variables): string
    {
        $file = Templates::findInModule($module, $name);
        if ($file === null) {
            $file = ROOTDIR . '/' . ltrim($name, '/');
            if (!is_file($file)) {
                throw new UsageError("module $module has no template \"$name\"");
            }
        }

        try {
            return Templates::renderFile($file, self::fromHooks($subject) + $variables + $params + self::variables($subject));
        } catch (Throwable $error) {
            Missing::reportThrowable($error);
            throw new UsageError("module $module's template " . basename($file) . ' cannot be rendered: ' . $error->getMessage());
        }
    }

    /** What hooks add for the module's template. */
    private static function fromHooks(Subject $subject): array
    {
        $service = $subject->service;
        $vars = [
            'serviceid' => $subject->serviceId(), 'groupname' => (string) Database::table('tblproductgroups')->where('id', $subject->product->gid ?? 1)->value('name'),
            'product' => $subject->productName(), 'modulename' => $subject->module(), 'domain' => $service->domain, 'systemStatus' => $subject->status(),
            'username' => $service->username, 'password' => Secrets::decrypt((string) $service->password),
        ];
        $added = [];
        foreach (Hooks::run('ClientAreaProductDetailsPreModuleTemplate', $vars) as $answer) {
            $added = (is_array($answer) ? $answer : []) + $added;
        }

        return $added;
    }

    private static function page(Subject $subject, array $variables, string $output, string $replacement): string
    {
        $menus = Navigation::ofPage(self::sidebar($subject), null);
        $all = PageHooks::variables('ProductDetails', $variables + $menus + self::variables($subject) + ['displayTitle' => $subject->productName(), 'modulecustombuttonresult' => '']);
        $head = PageHooks::output('ClientAreaHeadOutput', $all) . PageHooks::output('ClientAreaHeaderOutput', $all);
        $hooked = PageHooks::output('ClientAreaProductDetailsOutput', ['service' => $subject->isAddon() ? null : $subject->model()] + $all);
        $foot = PageHooks::output('ClientAreaFooterOutput', $all);

        return Templates::renderFile(dirname(__DIR__, 2) . '/templates/productdetails.tpl', [
            'moduleclientarea' => $output, 'tabOverviewReplacement' => $replacement, 'hookoutput' => $hooked, 'headoutput' => $head, 'footeroutput' => $foot,
        ] + $menus + $all);
    }

    /** The sidebar that WHMCS builds for a service. */
    private static function sidebar(Subject $subject): Item
    {
        \Menu::addContext('service', $subject->isAddon() ? null : $subject->model());
        \Menu::addContext('client', \WHMCS\User\Client::find($subject->service->userid));
        $sidebar = new Item('Primary Sidebar');
        $sidebar->addChild('Service Details Overview', ['label' => 'Overview', 'order' => 10])
            ->addChild('Information', ['label' => 'Information', 'uri' => '#tabOverview', 'order' => 10]);
        $actions = $sidebar->addChild('Service Details Actions', ['label' => 'Actions', 'order' => 20]);
        foreach (self::buttons($subject) as $label => $function) {
            $actions->addChild("Custom Module Button $label", ['label' => $label, 'uri' => "clientarea.php?action=productdetails&id={$subject->serviceId()}&modop=custom&a=$function"]);
        }

        return $sidebar;
    }

    /** The client-area variables of WHMCS's product-details page. */
    private static function variables(Subject $subject): array
    {
        global $_LANG;
        $service = $subject->service;
        $row = $subject->row();
        $currency = Clients::currency((int) $service->userid);
        $module = $subject->module();
        $meta = $module !== '' && Modules::has($module, 'MetaData') ? (array) call_user_func("{$module}_MetaData") : [];
        $status = $subject->status();

        return [
            'LANG' => $_LANG, '_lang' => $_LANG, 'WEB_ROOT' => rtrim((string) parse_url((string) Setting::getValue('SystemURL'), PHP_URL_PATH), '/'),
            'BASE_PATH_CSS' => '/assets/css', 'BASE_PATH_JS' => '/assets/js', 'BASE_PATH_IMG' => '/assets/img', 'template' => Setting::getValue('Template'), 'token' => generate_token('plain'),
            'systemurl' => Setting::getValue('SystemURL'), 'systemsslurl' => Setting::getValue('SystemURL'), 'systemNonSSLURL' => Setting::getValue('SystemURL'),
            'companyname' => Setting::getValue('CompanyName'), 'language' => Language::current(), 'charset' => 'utf-8', 'filename' => 'clientarea', 'action' => 'productdetails',
            'loggedin' => true, 'clientsdetails' => Clients::details((int) $service->userid), 'todaysdate' => Clock::today(),
            'id' => $subject->serviceId(), 'serviceid' => $subject->serviceId(), 'pid' => (int) $service->packageid, 'modulename' => $module, 'module' => $module,
            'product' => $subject->productName(), 'groupname' => (string) Database::table('tblproductgroups')->where('id', $subject->product->gid ?? 1)->value('name'),
            'type' => $subject->product->type, 'domain' => $service->domain, 'username' => $service->username, 'password' => Secrets::decrypt((string) $service->password),
            'regdate' => $row->regdate, 'nextduedate' => $row->nextduedate, 'billingcycle' => $row->billingcycle, 'paymentmethod' => $row->paymentmethod,
            'firstpaymentamount' => Money::display($row->firstpaymentamount, $currency), 'recurringamount' => Money::display($subject->recurringAmount(), $currency),
            'status' => $_LANG['clientarea' . strtolower($status)] ?? $status, 'rawstatus' => strtolower($status), 'suspendreason' => $service->suspendreason,
            'dedicatedip' => $service->dedicatedip, 'assignedips' => $service->assignedips, 'ns1' => $service->ns1, 'ns2' => $service->ns2,
            'serverdata' => (array) Database::table('tblservers')->where('id', $row->server)->first(),
            'configurableoptions' => self::configurableOptions($subject), 'productcustomfields' => self::customFields($subject), 'customfields' => self::customFields($subject),
            'modulecustombuttons' => self::buttons($subject), 'singlesignonlabel' => $module !== '' && Modules::has($module, 'ServiceSingleSignOn') ? ($meta['ServiceSingleSignOnLabel'] ?? 'Login') : '',
        ];
    }

    /** Asked once for a page. */
    private static function buttons(Subject $subject): array
    {
        self::$buttons = self::$buttons ?? ($subject->module() === '' ? [] : Buttons::offered($subject, 'ClientAreaCustomButtonArray'));

        return self::$buttons;
    }

    private static function configurableOptions(Subject $subject): array
    {
        $shown = [];
        foreach ($subject->isAddon() ? [] : ConfigurableOptions::chosen($subject->serviceId()) as $row) {
            $shown[] = [
                'id' => $row->configid, 'optionname' => CustomFields::label($row->optionname), 'optiontype' => $row->optiontype,
                'selectedoption' => CustomFields::label((string) $row->choicename), 'selectedqty' => $row->qty,
            ];
        }

        return $shown;
    }

    private static function customFields(Subject $subject): array
    {
        $shown = [];
        foreach (CustomFields::of($subject->customFieldType(), (int) $subject->product->id) as $field) {
            if ($field->adminonly !== 'on') {
                $value = CustomFields::value((int) $field->id, $subject->ownId());
                $shown[] = ['id' => (int) $field->id, 'name' => CustomFields::label($field->fieldname), 'value' => $value, 'rawvalue' => $value, 'type' => $field->fieldtype];
            }
        }

        return $shown;
    }
}
