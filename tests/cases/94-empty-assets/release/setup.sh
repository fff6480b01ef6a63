set -eu
mkdir -p /srv/app/public /srv/app/pub/static
echo '<?php echo "hello";' > /srv/app/public/index.php
