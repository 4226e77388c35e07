<?php

namespace Emulator;

use WHMCS\Config\Setting;
use WHMCS\User\Client;
use WHMCS\View\Menu\Item;

/** The client's other pages, as far as modules add to them: home, the list of services, the cart. */
final class ClientPages
{
    public static function show(array $arguments): array
    {
        $clientId = Arguments::id($arguments, 'client_id');
        $page = Arguments::text($arguments, 'page');
        Request::current()->onExit(static function (string $printed): array {
            return ['html' => $printed, 'redirect_to' => Buttons::redirectAfterExit()['redirect_to']];
        });
        \Menu::addContext('client', Client::find($clientId));
        $sidebars = [
            'home' => [['Client Details' => [], 'Client Contacts' => []], ['Client Shortcuts' => ['Order New Services', 'Register New Domain', 'Logout']]],
            'services' => [['My Services Status Filter' => ['Active', 'Pending', 'Suspended', 'Terminated', 'Cancelled']], ['My Services Actions' => ['Place a New Order', 'View Available Addons']]],
            'cart' => [['Categories' => []], ['Actions' => [], 'Choose Currency' => []]],
        ][$page] ?? null;
        if ($sidebars === null) {
            throw new UsageError("there is no client page \"$page\"");
        }
        $variables = self::variables($clientId) + ($page === 'cart' ? self::product(Arguments::id($arguments, 'product_id')) : []);
        $menus = Navigation::ofPage(Navigation::menu('Primary Sidebar', $sidebars[0]), Navigation::menu('Secondary Sidebar', $sidebars[1]));
        $variables = PageHooks::variables(['home' => 'Home', 'services' => 'ProductsServices', 'cart' => 'Cart'][$page], $variables + $menus);
        $html = PageHooks::output('ClientAreaHeadOutput', $variables) . PageHooks::output('ClientAreaHeaderOutput', $variables);
        foreach ($menus as $menu) {
            $html .= self::list($menu);
        }
        if ($page === 'home') {
            $panels = new Item('Home Page Panels');
            Hooks::run('ClientAreaHomepagePanels', [$panels]);
            $html .= self::activeServices($clientId) . self::list($panels) . PageHooks::output('ClientAreaHomepage', $variables);
        }

        return ['html' => $html . PageHooks::output('ClientAreaFooterOutput', $variables)];
    }

    /** The panel of active services, each with the module's custom actions. */
    private static function activeServices(int $clientId): string
    {
        $html = '';
        foreach (Database::table('tblhosting')->where('userid', $clientId)->where('domainstatus', 'Active')->orderBy('id')->pluck('id') as $id) {
            $subject = Subject::find((int) $id);
            $html .= '<li>' . htmlspecialchars($subject->productName());
            foreach (Buttons::actionsOf($subject) as $action) {
                $html .= ' <button name="' . htmlspecialchars($action['identifier']) . '">' . htmlspecialchars($action['display']) . '</button>';
            }
            $html .= "</li>\n";
        }

        return $html === '' ? '' : "<ul class=\"active-services\">\n$html</ul>\n";
    }

    private static function variables(int $clientId): array
    {
        global $CONFIG, $_LANG;

        return [
            'LANG' => $_LANG, 'template' => Setting::getValue('Template'), 'language' => Language::current(), 'filename' => WebPage::name(), 'systemurl' => $CONFIG['SystemURL'], 'companyname' => $CONFIG['CompanyName'],
            'loggedin' => true, 'clientsdetails' => Clients::details($clientId), 'loggedinuser' => Client::find($clientId)->owner(), 'client' => Client::find($clientId), 'token' => generate_token('plain'), 'todaysdate' => Clock::today(),
        ];
    }

    /** What the cart's page of a product shows. */
    private static function product(int $productId): array
    {
        $product = Database::row('tblproducts', $productId);
        $fields = [];
        foreach (CustomFields::of('product', $productId) as $field) {
            if ($field->showorder === 'on') {
                $label = CustomFields::label($field->fieldname);
                $fields[] = [
                    'id' => (int) $field->id, 'textid' => strtolower(preg_replace('/[^A-Za-z0-9]/', '', $label)), 'name' => $label, 'description' => $field->description,
                    'type' => $field->fieldtype, 'input' => "<input type=\"text\" name=\"customfield[{$field->id}]\" id=\"customfield{$field->id}\">", 'value' => '', 'required' => $field->required === 'on' ? '*' : '',
                ];
            }
        }

        return [
            'pid' => $productId, 'customfields' => $fields,
            'productinfo' => ['pid' => $productId, 'gid' => (int) $product->gid, 'type' => $product->type, 'name' => $product->name, 'description' => $product->description, 'module' => $product->servertype],
        ];
    }

    private static function list(Item $menu): string
    {
        $html = '';
        foreach ($menu->getChildren() as $child) {
            $html .= '<li><a href="' . htmlspecialchars((string) $child->getUri()) . '">' . $child->getLabel() . '</a>' . $child->getBodyHtml() . $child->getFooterHtml() . self::list($child) . "</li>\n";
        }

        return $html === '' ? '' : "<ul>\n$html</ul>\n";
    }
}
