set -eu
mkdir -p /srv/app/public; echo '<?php echo 1;' > /srv/app/public/index.php
printf '%s\n' '<VirtualHost *:80>' 'DocumentRoot /srv/app/public' '<Directory /srv/app/public>' 'Require all granted' 'AllowOverride All' '</Directory>' '</VirtualHost>' > /etc/apache2/sites-available/000-default.conf
printf '%s\n' 'DirectoryIndex index.php' > /srv/app/public/.htaccess
mkdir -p /srv/app/var/cache /srv/app/storage/logs /srv/app/storage/framework/views /srv/app/app/Http /srv/app/vendor/composer
for n in $(seq 1 60); do echo "cache aa $n" > /srv/app/var/cache/aa$n.php; echo "<?php // view aa $n" > /srv/app/storage/framework/views/aaaa$n.php; done
echo "[2026-01-01] aa" > /srv/app/storage/logs/laravel.log; mkdir -p /var/log/shop; echo aa > /var/log/shop/app.log; echo aaaa > /etc/machine-id
mkdir -p /var/lib/php/sessions; echo x > /var/lib/php/sessions/sess_aa; echo aa > /tmp/aa.tmp
printf '%s\n' 'APP_ENV=production' 'APP_URL=https://shop.example' 'DB_HOST=db.internal' > /srv/app/.env
echo '<?php class Kernel {}' > /srv/app/app/Http/Kernel.php
echo '{"packages":[{"name":"acme/a","version":"1.0.0"}],"dev":false,"dev-package-names":[]}' > /srv/app/vendor/composer/installed.json
chown -R www-data: /srv/app/storage /srv/app/var
printf '%s\n' 'memory_limit = 256M' 'date.timezone = UTC' > /etc/php/8.4/apache2/conf.d/90-app.ini
a2enmod -q rewrite
