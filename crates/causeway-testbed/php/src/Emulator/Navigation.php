<?php

namespace Emulator;

use WHMCS\View\Menu\Item;

/** WHMCS's navigation bars and sidebars, by the names that its documentation gives them, after the hooks have changed them. */
final class Navigation
{
    const PRIMARY_NAVBAR = [
        'Home' => [],
        'Services' => ['My Services', 'Services Divider', 'Order New Services', 'View Available Addons'],
        'Domains' => ['My Domains', 'Renew Domains', 'Register a New Domain', 'Domain Search'],
        'Billing' => ['My Invoices', 'My Quotes', 'Billing Divider', 'Mass Payment', 'Add Funds'],
        'Support' => ['Tickets', 'Announcements', 'Knowledgebase', 'Downloads', 'Network Status'],
        'Open Ticket' => [],
    ];
    const SECONDARY_NAVBAR = ['Account' => ['Edit Account Details', 'User Management', 'Payment Methods', 'Contacts/Sub-Accounts', 'Email History', 'Divider', 'Logout']];

    /**
     * The four menus of a page of the client area.
     *
     * @return array{primaryNavbar: Item, secondaryNavbar: Item, primarySidebar: Item, secondarySidebar: Item}
     */
    public static function ofPage(?Item $primarySidebar, ?Item $secondarySidebar): array
    {
        $menus = [
            'primaryNavbar' => self::menu('Primary Navbar', self::PRIMARY_NAVBAR), 'secondaryNavbar' => self::menu('Secondary Navbar', self::SECONDARY_NAVBAR),
            'primarySidebar' => $primarySidebar ?? new Item('Primary Sidebar'), 'secondarySidebar' => $secondarySidebar ?? new Item('Secondary Sidebar'),
        ];
        Hooks::run('ClientAreaNavbars', []);
        Hooks::run('ClientAreaSidebars', []);
        foreach ($menus as $name => $menu) {
            Hooks::run('ClientArea' . ucfirst($name), [$menu]);
        }

        return $menus;
    }

    /** @param string[][] $entries name => names of what stands below */
    public static function menu(string $name, array $entries): Item
    {
        $menu = new Item($name);
        $order = 0;
        foreach ($entries as $entry => $below) {
            $child = $menu->addChild($entry, ['label' => $entry, 'order' => $order += 10]);
            foreach ($below as $position => $label) {
                $child->addChild($label, ['label' => $label, 'order' => ($position + 1) * 10]);
            }
        }

        return $menu;
    }
}
