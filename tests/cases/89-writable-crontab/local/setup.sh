set -eu
mkdir -p /srv/app/public; echo '<?php echo "hello";' > /srv/app/public/index.php
printf '%s\n' 'server {' '  listen 80 default_server;' '  root /srv/app/public;' '  index index.php;' '  location / { try_files $uri /index.php?$args; }' '  location ~ [.]php$ {' '    include fastcgi_params;' '    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;' '    fastcgi_pass unix:/run/php/php8.4-fpm.sock;' '  }' '}' > /etc/nginx/sites-enabled/default
mkdir -p /srv/app/var/cache /srv/app/storage/logs /srv/app/storage/framework/views /srv/app/app/Http /srv/app/vendor/composer
for n in $(seq 1 60); do echo "cache aa $n" > /srv/app/var/cache/aa$n.php; echo "<?php // view aa $n" > /srv/app/storage/framework/views/aaaa$n.php; done
echo "[2026-01-01] aa" > /srv/app/storage/logs/laravel.log; mkdir -p /var/log/shop; echo aa > /var/log/shop/app.log; echo aaaa > /etc/machine-id
mkdir -p /var/lib/php/sessions; echo x > /var/lib/php/sessions/sess_aa; echo aa > /tmp/aa.tmp
printf '%s\n' 'APP_ENV=production' 'APP_URL=https://shop.example' 'DB_HOST=db.internal' > /srv/app/.env
echo '<?php class Kernel {}' > /srv/app/app/Http/Kernel.php
echo '{"packages":[{"name":"acme/a","version":"1.0.0"}],"dev":false,"dev-package-names":[]}' > /srv/app/vendor/composer/installed.json
chown -R www-data: /srv/app/storage /srv/app/var
printf '%s\n' 'memory_limit = 256M' 'date.timezone = UTC' > /etc/php/8.4/fpm/conf.d/90-app.ini
echo '* * * * * www-data php /srv/app/artisan schedule:run' > /etc/cron.d/app
