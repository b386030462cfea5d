// Runs before anything is drawn: a reader's own choice of light or dark comes before the system's.
(() => {
  try {
    const theme = localStorage.getItem('theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // storage is switched off: the system's choice holds
  }
  document.documentElement.classList.add('js');
})();
